// Writes operator data; loading the same record again never moves what a sale has moved.

import { type Awaitable, LoadRefusedError } from "../driver.js";
import {
  type AgentRecord,
  type CardRecord,
  CLOSED_CARD_STATUSES,
  grantOfRecord,
  type LoadBatch,
  type PartnerRecord,
  type TerminalRecord,
} from "../records.js";
import { prepareCardTaken } from "./files.js";
import { ConstraintError, type Sql } from "./sql.js";
import { prepareGrantInsert } from "./write-holder.js";
import { conventionValues, preparePartnerWrites } from "./write-partner.js";

/**
 * Prepares the load of a batch. It is whole or nothing only where its caller sees to that.
 *
 * @returns what throws LoadRefusedError, which names the record that does not fit.
 */
export function prepareLoad(sql: Sql): (batch: LoadBatch) => Promise<void> {
  const loadPartner = preparePartner(sql);
  const { putPointOfSale } = preparePartnerWrites(sql);
  const terminals = prepareTerminals(sql);
  const agents = prepareAgents(sql);
  const account = sql.prepare(
    `INSERT INTO accounts (id, holder) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET holder = excluded.holder`,
  );
  const loadCard = prepareCard(sql);
  const insertGrant = prepareGrantInsert(sql, "ON CONFLICT DO NOTHING");

  return async (batch) => {
    await each("partner", batch.partners, loadPartner);
    await each("point of sale", batch.pointsOfSale, putPointOfSale);
    await each("terminal", batch.terminals, terminals.load);
    for (const id of batch.revokedTerminals ?? []) await terminals.revoke.run(id);
    await each("agent", batch.agents, agents.load);
    for (const id of batch.revokedAgents ?? []) await agents.revoke.run(id);
    for (const { id, holder } of batch.accounts ?? []) await account.run(id, holder);
    await each("card", batch.cards, loadCard);
    await each("grant", batch.grants, (it) => insertGrant(it.accountId, grantOfRecord(it)));
  };
}

/** Loads the records of one kind. */
async function each<T extends { readonly id: string }>(
  kind: string,
  records: readonly T[] | undefined,
  load: (record: T) => Promise<void>,
): Promise<void> {
  for (const record of records ?? []) await naming(`${kind} ${record.id}`, () => load(record));
}

/** A constraint that a record breaks is the operator's to mend, and is told with the record's name. */
async function naming(record: string, work: () => Awaitable<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isRefused = error instanceof ConstraintError;
    throw isRefused ? new LoadRefusedError(`${record}: ${error.message}`) : error;
  }
}

function preparePartner(sql: Sql) {
  const { putPartner } = preparePartnerWrites(sql);
  const dropConventions = sql.prepare("DELETE FROM conventions WHERE partner_id = ?");
  const convention = sql.prepare(
    `INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms, signature_reference, signed_at_ms, tariffs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropAgrements = sql.prepare("DELETE FROM agrements WHERE partner_id = ?");
  const agrement = sql.prepare("INSERT INTO agrements (partner_id, avantage) VALUES (?, ?)");
  return async (record: PartnerRecord): Promise<void> => {
    await putPartner(record);
    await dropConventions.run(record.id);
    for (const it of record.conventions) {
      await naming(`convention ${it.reference}`, () =>
        convention.run(...conventionValues(record.id, it)),
      );
    }
    await dropAgrements.run(record.id);
    for (const avantage of record.agrements) await agrement.run(record.id, avantage);
  };
}

function prepareTerminals(sql: Sql) {
  // A revoked terminal stays revoked; a new key begins a new count.
  const terminal = sql.prepare(
    `INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id,
       certificate_expires_at_ms, enrolled_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET point_of_sale_id = excluded.point_of_sale_id,
       status = CASE WHEN terminals.status = 'revoked' THEN 'revoked' ELSE excluded.status END,
       ksn_counter = CASE WHEN terminals.initial_key_id IS NOT DISTINCT FROM excluded.initial_key_id
         THEN terminals.ksn_counter ELSE 0 END,
       certificate_fingerprint = excluded.certificate_fingerprint, initial_key_id = excluded.initial_key_id,
       certificate_expires_at_ms = excluded.certificate_expires_at_ms, enrolled_at_ms = excluded.enrolled_at_ms`,
  );
  // What was asked for with another certificate than the one in force is worth nothing.
  const dropRenewal = sql.prepare(
    `DELETE FROM certificate_renewals WHERE terminal_id = ?
       AND EXISTS (SELECT 1 FROM terminals t
         WHERE t.id = certificate_renewals.terminal_id AND t.certificate_fingerprint <> ?)`,
  );
  const revoke = sql.prepare("UPDATE terminals SET status = 'revoked' WHERE id = ?");
  return {
    async load(record: TerminalRecord): Promise<void> {
      const { id, pointOfSaleId, status, certificateFingerprint, initialKeyId } = record;
      const { certificateExpiresAtMs = null, enrolledAtMs = null } = record;
      await dropRenewal.run(id, certificateFingerprint);
      const issued = [certificateFingerprint, initialKeyId, certificateExpiresAtMs, enrolledAtMs];
      await terminal.run(id, pointOfSaleId, status, ...issued);
    },
    revoke,
  };
}

function prepareAgents(sql: Sql) {
  const agent = sql.prepare(
    `INSERT INTO agents (id, role, etablissement, status, certificate_fingerprint) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET role = excluded.role, etablissement = excluded.etablissement,
       status = CASE WHEN agents.status = 'revoked' THEN 'revoked' ELSE excluded.status END,
       certificate_fingerprint = excluded.certificate_fingerprint`,
  );
  const revoke = sql.prepare("UPDATE agents SET status = 'revoked' WHERE id = ?");
  return {
    async load(record: AgentRecord): Promise<void> {
      const { id, role, etablissement, status, certificateFingerprint } = record;
      await agent.run(id, role, etablissement, status, certificateFingerprint);
    },
    revoke,
  };
}

function prepareCard(sql: Sql) {
  const isTaken = prepareCardTaken(sql);
  const card = sql.prepare(
    `INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted,
       identifier_index, pin_salt, pin_verifier, pin_key_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       status = CASE WHEN cards.status IN (${CLOSED_CARD_STATUSES.map((it) => `'${it}'`).join(", ")})
         THEN cards.status ELSE excluded.status END,
       generation = excluded.generation,
       pin_salt = excluded.pin_salt, pin_verifier = excluded.pin_verifier,
       pin_key_version = excluded.pin_key_version`,
  );
  return async (record: CardRecord): Promise<void> => {
    const { id, accountId, status, generation, lastFour, credential } = record;
    if (await isTaken(accountId, record)) {
      throw new LoadRefusedError(`card ${id}: its id, number or chip stands for another card`);
    }
    const indexes = [record.numberIndex, record.numberEncrypted, record.identifierIndex];
    const secrets = [credential?.pinSalt, credential?.pinVerifier, credential?.pinKeyVersion];
    const pin = secrets.map((secret) => secret ?? null);
    await card.run(id, accountId, status, generation, lastFour, ...indexes, ...pin);
  };
}
