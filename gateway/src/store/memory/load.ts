// Loads operator data into the tables; loading the same record again never moves what a sale has moved.

import type { Grant } from "../../core/model.js";
import { LoadRefusedError } from "../driver.js";
import {
  type AgentRecord,
  type CardRecord,
  CLOSED_CARD_STATUSES,
  type GrantRecord,
  grantOfRecord,
  type LoadBatch,
  type PartnerRecord,
  type TerminalRecord,
} from "../records.js";
import { isTaken } from "./read.js";
import {
  agentCertificateKey,
  hexOf,
  identifierKey,
  initialKeyKey,
  numberKey,
  type StoredCard,
  type Tables,
  terminalCertificateKey,
  withItem,
} from "./tables.js";

/** Loads a batch. @throws LoadRefusedError where a record does not fit; what was done is to be undone. */
export function loadBatch(tables: Tables, batch: LoadBatch): void {
  for (const record of batch.partners ?? []) loadPartner(tables, record);
  for (const record of batch.pointsOfSale ?? []) {
    expect(tables.partners.has(record.partnerId), `point of sale ${record.id}: no such partner`);
    tables.pointsOfSale.put(record.id, record);
  }
  for (const record of batch.terminals ?? []) loadTerminal(tables, record);
  for (const id of batch.revokedTerminals ?? []) {
    const terminal = tables.terminals.get(id);
    if (terminal) tables.terminals.put(id, { ...terminal, status: "revoked" });
  }
  for (const record of batch.agents ?? []) loadAgent(tables, record);
  for (const id of batch.revokedAgents ?? []) {
    const agent = tables.agents.get(id);
    if (agent) tables.agents.put(id, { ...agent, status: "revoked" });
  }
  for (const { id, holder } of batch.accounts ?? []) {
    const fresh = { etablissement: null, charterAcceptedOn: null, lastDecisionAtMs: 0 };
    tables.accounts.put(id, { ...(tables.accounts.get(id) ?? fresh), id, holder });
  }
  for (const record of batch.cards ?? []) loadCard(tables, record);
  for (const record of batch.grants ?? []) loadGrant(tables, record);
}

function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new LoadRefusedError(what);
}

function loadPartner(tables: Tables, record: PartnerRecord): void {
  const { conventions, agrements, ...partner } = record;
  tables.partners.put(partner.id, partner);
  for (const { reference, partnerId } of tables.conventions.values()) {
    if (partnerId === partner.id) tables.conventions.drop(reference);
  }
  for (const convention of conventions) {
    const { reference } = convention;
    const isFree = !tables.conventions.has(reference);
    expect(isFree, `convention ${reference}: it is another partner's, or here twice`);
    tables.conventions.put(reference, { ...convention, partnerId: partner.id });
  }
  const isEachOnce = new Set(agrements).size === agrements.length;
  expect(isEachOnce, `partner ${partner.id}: an agrément is here twice`);
  tables.agrements.put(partner.id, [...agrements].sort());
}

/** Gives something that only one may have to an owner. */
function take(tables: Tables, input: { key: string; owner: string; what: string }): void {
  const { key, owner, what } = input;
  expect((tables.owners.get(key) ?? owner) === owner, `${what} is another's`);
  tables.owners.put(key, owner);
}

function loadTerminal(tables: Tables, record: TerminalRecord): void {
  const { id, pointOfSaleId, certificateFingerprint, initialKeyId } = record;
  const what = `terminal ${id}`;
  expect(tables.pointsOfSale.has(pointOfSaleId), `${what}: no such point of sale`);
  const before = tables.terminals.get(id);
  // What was asked for with another certificate than the one in force is worth nothing.
  if (before?.certificateFingerprint !== certificateFingerprint) tables.renewals.drop(id);
  if (before) {
    tables.owners.drop(terminalCertificateKey(before.certificateFingerprint));
    if (before.initialKeyId !== null) tables.owners.drop(initialKeyKey(before.initialKeyId));
  }
  const certificate = terminalCertificateKey(certificateFingerprint);
  take(tables, { key: certificate, owner: id, what: `${what}: its certificate` });
  if (initialKeyId !== null) {
    take(tables, { key: initialKeyKey(initialKeyId), owner: id, what: `${what}: its PIN key` });
  }
  // A new key begins a new count; a revoked terminal stays revoked.
  const ksnCounter = before && before.initialKeyId === initialKeyId ? before.ksnCounter : 0;
  const status = before?.status === "revoked" ? "revoked" : record.status;
  tables.terminals.put(id, { ...record, status, ksnCounter });
}

function loadAgent(tables: Tables, record: AgentRecord): void {
  const { id, role, etablissement, certificateFingerprint } = record;
  const fits = (role === "etablissement") === (etablissement !== null);
  expect(fits, `agent ${id}: an établissement has one, and nobody else`);
  const before = tables.agents.get(id);
  if (before) tables.owners.drop(agentCertificateKey(before.certificateFingerprint));
  const certificate = agentCertificateKey(certificateFingerprint);
  take(tables, { key: certificate, owner: id, what: `agent ${id}: its certificate` });
  const status = before?.status === "revoked" ? "revoked" : record.status;
  tables.agents.put(id, { ...record, status });
}

function loadCard(tables: Tables, record: CardRecord): void {
  const { id, accountId, generation, lastFour, credential } = record;
  expect(tables.accounts.has(accountId), `card ${id}: no such account`);
  expect(!isTaken(tables, record), `card ${id}: its id, number or chip stands for another card`);
  const number = hexOf(record.numberIndex);
  const identifier = record.identifierIndex && hexOf(record.identifierIndex);
  const fresh = {
    lastFour,
    status: record.status,
    messageCounter: 0,
    pinFailures: 0,
    sealedNumber: record.numberEncrypted,
    tapped: null,
  };
  const before = tables.cards.get(id) ?? fresh;
  const isClosed = CLOSED_CARD_STATUSES.includes(before.status);
  const status = isClosed ? before.status : record.status;
  const kept = { ...before, id, accountId, status, generation, number, identifier };
  const card: StoredCard = { ...kept, credential, pinSet: credential !== null };
  tables.cards.put(id, card);
  tables.owners.put(numberKey(number), id);
  if (identifier !== null) tables.owners.put(identifierKey(identifier), id);
}

function loadGrant(tables: Tables, record: GrantRecord): void {
  const { accountId } = record;
  expect(tables.accounts.has(accountId), `grant ${record.id}: no such account`);
  const before = tables.grants.get(accountId) ?? [];
  if (before.some(({ id }) => id === record.id)) return;
  const grant: Grant = grantOfRecord(record);
  expect(grant.amount >= 0, `grant ${record.id}: its amount is negative`);
  tables.grants.put(accountId, withItem(before, grant));
}
