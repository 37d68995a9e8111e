// Writes operator data; loading the same record again never moves what a sale has moved.

import Database from "better-sqlite3";
import { LoadRefusedError } from "../driver.js";
import {
  type AgentRecord,
  type CardRecord,
  CLOSED_CARD_STATUSES,
  grantOfRecord,
  type LoadBatch,
  type PartnerRecord,
  type TerminalRecord,
} from "../records.js";
import type { Sqlite } from "./database.js";
import { prepareCardTaken } from "./files.js";
import { prepareGrantInsert } from "./write-holder.js";
import { conventionValues, preparePartnerWrites } from "./write-partner.js";

/** Prepares the load of a database: one transaction a batch, all of it or none. */
export function prepareLoad(db: Sqlite): (batch: LoadBatch) => void {
  const loadPartner = preparePartner(db);
  const { putPointOfSale } = preparePartnerWrites(db);
  const terminals = prepareTerminals(db);
  const agents = prepareAgents(db);
  const account = db.prepare(
    `INSERT INTO accounts (id, holder) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET holder = excluded.holder`,
  );
  const loadCard = prepareCard(db);
  const insertGrant = prepareGrantInsert(db, "ON CONFLICT DO NOTHING");

  return db.transaction((batch: LoadBatch) => {
    for (const it of batch.partners ?? []) naming(`partner ${it.id}`, () => loadPartner(it));
    for (const it of batch.pointsOfSale ?? []) {
      naming(`point of sale ${it.id}`, () => putPointOfSale(it));
    }
    for (const it of batch.terminals ?? []) naming(`terminal ${it.id}`, () => terminals.load(it));
    for (const id of batch.revokedTerminals ?? []) terminals.revoke(id);
    for (const it of batch.agents ?? []) naming(`agent ${it.id}`, () => agents.load(it));
    for (const id of batch.revokedAgents ?? []) agents.revoke(id);
    for (const { id, holder } of batch.accounts ?? []) account.run(id, holder);
    for (const it of batch.cards ?? []) naming(`card ${it.id}`, () => loadCard(it));
    for (const it of batch.grants ?? []) {
      naming(`grant ${it.id}`, () => insertGrant(it.accountId, grantOfRecord(it)));
    }
  });
}

/** A constraint that a record breaks is the operator's to mend, and is told with the record's name. */
function naming(record: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const isRefused =
      error instanceof Database.SqliteError && error.code.startsWith("SQLITE_CONSTRAINT");
    throw isRefused ? new LoadRefusedError(`${record}: ${error.message}`) : error;
  }
}

function preparePartner(db: Sqlite) {
  const { putPartner } = preparePartnerWrites(db);
  const dropConventions = db.prepare("DELETE FROM conventions WHERE partner_id = ?");
  const convention = db.prepare(
    `INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms, signature_reference, signed_at_ms, tariffs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropAgrements = db.prepare("DELETE FROM agrements WHERE partner_id = ?");
  const agrement = db.prepare("INSERT INTO agrements (partner_id, avantage) VALUES (?, ?)");
  return (record: PartnerRecord): void => {
    putPartner(record);
    dropConventions.run(record.id);
    for (const it of record.conventions) {
      naming(`convention ${it.reference}`, () =>
        convention.run(...conventionValues(record.id, it)),
      );
    }
    dropAgrements.run(record.id);
    for (const avantage of record.agrements) agrement.run(record.id, avantage);
  };
}

function prepareTerminals(db: Sqlite) {
  const terminal = db.prepare(
    `INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id,
       certificate_expires_at_ms, enrolled_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET point_of_sale_id = excluded.point_of_sale_id,
       -- A revoked terminal stays revoked; a new key begins a new count.
       status = iif(status = 'revoked', 'revoked', excluded.status),
       ksn_counter = iif(initial_key_id IS excluded.initial_key_id, ksn_counter, 0),
       certificate_fingerprint = excluded.certificate_fingerprint, initial_key_id = excluded.initial_key_id,
       certificate_expires_at_ms = excluded.certificate_expires_at_ms, enrolled_at_ms = excluded.enrolled_at_ms`,
  );
  // What was asked for with another certificate than the one in force is worth nothing.
  const dropRenewal = db.prepare(
    `DELETE FROM certificate_renewals WHERE terminal_id = ?
       AND EXISTS (SELECT 1 FROM terminals WHERE id = terminal_id AND certificate_fingerprint <> ?)`,
  );
  const revoke = db.prepare("UPDATE terminals SET status = 'revoked' WHERE id = ?");
  return {
    load(record: TerminalRecord) {
      const { id, pointOfSaleId, status, certificateFingerprint, initialKeyId } = record;
      const { certificateExpiresAtMs = null, enrolledAtMs = null } = record;
      dropRenewal.run(id, certificateFingerprint);
      const issued = [certificateFingerprint, initialKeyId, certificateExpiresAtMs, enrolledAtMs];
      terminal.run(id, pointOfSaleId, status, ...issued);
    },
    revoke: (id: string) => void revoke.run(id),
  };
}

function prepareAgents(db: Sqlite) {
  const agent = db.prepare(
    `INSERT INTO agents (id, role, etablissement, status, certificate_fingerprint) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET role = excluded.role, etablissement = excluded.etablissement,
       status = iif(status = 'revoked', 'revoked', excluded.status),
       certificate_fingerprint = excluded.certificate_fingerprint`,
  );
  const revoke = db.prepare("UPDATE agents SET status = 'revoked' WHERE id = ?");
  return {
    load({ id, role, etablissement, status, certificateFingerprint }: AgentRecord) {
      agent.run(id, role, etablissement, status, certificateFingerprint);
    },
    revoke: (id: string) => void revoke.run(id),
  };
}

function prepareCard(db: Sqlite) {
  const isTaken = prepareCardTaken(db);
  const card = db.prepare(
    `INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted,
       identifier_index, pin_salt, pin_verifier, pin_key_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       status = iif(status IN (${CLOSED_CARD_STATUSES.map((it) => `'${it}'`).join(", ")}), status, excluded.status),
       generation = excluded.generation,
       pin_salt = excluded.pin_salt, pin_verifier = excluded.pin_verifier,
       pin_key_version = excluded.pin_key_version`,
  );
  return (record: CardRecord): void => {
    const { id, accountId, status, generation, lastFour, credential } = record;
    if (isTaken(accountId, record)) {
      throw new LoadRefusedError(`card ${id}: its id, number or chip stands for another card`);
    }
    const indexes = [record.numberIndex, record.numberEncrypted, record.identifierIndex];
    const secrets = [credential?.pinSalt, credential?.pinVerifier, credential?.pinKeyVersion];
    const pin = secrets.map((secret) => secret ?? null);
    card.run(id, accountId, status, generation, lastFour, ...indexes, ...pin);
  };
}
