// Terminals' credentials in memory: codes, what is in force, and renewals under way.

import { assert } from "../../core/assert.js";
import type {
  ActivationCodeRow,
  ListedTerminal,
  RenewalRow,
  Renewed,
  TerminalDriver,
} from "../terminals/driver.js";
import { hexOf, initialKeyKey, type Tables, terminalCertificateKey } from "./tables.js";

/** Builds the life of terminals over tables. */
export function memoryTerminals(tables: Tables): TerminalDriver {
  const { terminals, pointsOfSale, activationCodes, renewals } = tables;
  return {
    find(terminalId) {
      const terminal = terminals.get(terminalId);
      if (!terminal) return null;
      const { id, status, pointOfSaleId, certificateFingerprint } = terminal;
      const { certificateExpiresAtMs = null } = terminal;
      return { id, status, pointOfSaleId, certificateFingerprint, certificateExpiresAtMs };
    },
    partnerOf: (pointOfSaleId) => pointsOfSale.get(pointOfSaleId)?.partnerId ?? null,
    putCode: (code) => putCode(tables, code),
    codeBy: (digest) =>
      activationCodes.values().find((code) => hexOf(code.digest) === hexOf(digest)) ?? null,
    putInForce: (terminal, issued) => putInForce(tables, terminal, issued),
    renewalOf: (terminalId) => renewals.get(terminalId) ?? null,
    renewalBy: (fingerprint) =>
      renewals.values().find((it) => it.certificateFingerprint === fingerprint) ?? null,
    putRenewal: (renewal) => putRenewal(tables, renewal),
    atPartner: (partnerId) =>
      terminals
        .values()
        .filter((it) => pointsOfSale.get(it.pointOfSaleId)?.partnerId === partnerId)
        .map((it) => ({
          id: it.id,
          pointOfSaleId: it.pointOfSaleId,
          status: it.status,
          enrolledAtMs: it.enrolledAtMs ?? null,
          certificateExpiresAtMs: it.certificateExpiresAtMs ?? null,
          initialKeyId: it.initialKeyId,
          ksnCounter: it.ksnCounter,
          renewalAskedAtMs: renewals.get(it.id)?.askedAtMs ?? null,
        }))
        .sort(byId),
  };
}

const byId = (one: ListedTerminal, other: ListedTerminal) => (one.id < other.id ? -1 : 1);

function putCode(tables: Tables, code: ActivationCodeRow): void {
  assert(tables.pointsOfSale.has(code.pointOfSaleId), "a code's point of sale is there");
  const others = tables.activationCodes
    .values()
    .filter(({ terminalId }) => terminalId !== code.terminalId);
  const isFree = !others.some(({ digest }) => hexOf(digest) === hexOf(code.digest));
  assert(isFree, "no two codes have one secret");
  tables.activationCodes.put(code.terminalId, code);
}

function putRenewal(tables: Tables, renewal: RenewalRow): void {
  assert(tables.terminals.has(renewal.terminalId), "who renews is enrolled");
  const others = tables.renewals
    .values()
    .filter(({ terminalId }) => terminalId !== renewal.terminalId);
  const isFree = others.every(
    ({ certificateFingerprint, initialKeyId }) =>
      certificateFingerprint !== renewal.certificateFingerprint &&
      (initialKeyId === null || initialKeyId !== renewal.initialKeyId),
  );
  assert(isFree, "no two terminals are issued the same");
  tables.renewals.put(renewal.terminalId, renewal);
}

function putInForce(
  tables: Tables,
  { id, pointOfSaleId, enrolledAtMs }: Parameters<TerminalDriver["putInForce"]>[0],
  { certificateFingerprint, certificateExpiresAtMs, initialKeyId: newKeyId }: Renewed,
): void {
  assert(tables.pointsOfSale.has(pointOfSaleId), "a terminal's point of sale is there");
  const before = tables.terminals.get(id);
  if (before) {
    tables.owners.drop(terminalCertificateKey(before.certificateFingerprint));
    if (before.initialKeyId !== null) tables.owners.drop(initialKeyKey(before.initialKeyId));
  }
  const { status = "active", initialKeyId: oldKeyId = null, ksnCounter: count = 0 } = before ?? {};
  const pinKey =
    newKeyId === null
      ? { initialKeyId: oldKeyId, ksnCounter: count }
      : { initialKeyId: newKeyId, ksnCounter: 0 };
  const owned = [terminalCertificateKey(certificateFingerprint)];
  if (pinKey.initialKeyId !== null) owned.push(initialKeyKey(pinKey.initialKeyId));
  for (const key of owned) {
    assert(!tables.owners.has(key), "no two terminals are issued the same");
    tables.owners.put(key, id);
  }
  tables.renewals.drop(id);
  const issued = { certificateFingerprint, certificateExpiresAtMs, enrolledAtMs };
  tables.terminals.put(id, { id, pointOfSaleId, status, ...pinKey, ...issued });
}
