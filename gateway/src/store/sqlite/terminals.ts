// The tables of terminals' credentials: codes, what is in force, and renewals under way.

import type {
  ActivationCodeRow,
  EnrolledTerminal,
  ListedTerminal,
  RenewalRow,
  Renewed,
  TerminalDriver,
} from "../terminals/driver.js";
import type { Sqlite } from "./database.js";

/** @param guarded tells a bug from a file that fails, and gives the transaction up there. */
export function sqliteTerminals(db: Sqlite, guarded: <T>(work: () => T) => T): TerminalDriver {
  const codes = prepareCodes(db);
  const renewals = prepareRenewals(db);
  const putInForce = preparePutInForce(db);
  const find = db.prepare<[string], EnrolledTerminal>(
    `SELECT id, status, point_of_sale_id AS pointOfSaleId, certificate_fingerprint AS certificateFingerprint,
       certificate_expires_at_ms AS certificateExpiresAtMs
     FROM terminals WHERE id = ?`,
  );
  const partnerOf = db
    .prepare<[string], string>("SELECT partner_id FROM points_of_sale WHERE id = ?")
    .pluck();
  const atPartner = db.prepare<[string], ListedTerminal>(
    `SELECT t.id, t.point_of_sale_id AS pointOfSaleId, t.status, t.enrolled_at_ms AS enrolledAtMs,
       t.certificate_expires_at_ms AS certificateExpiresAtMs, t.initial_key_id AS initialKeyId,
       t.ksn_counter AS ksnCounter, r.asked_at_ms AS renewalAskedAtMs
     FROM terminals t JOIN points_of_sale p ON p.id = t.point_of_sale_id
       LEFT JOIN certificate_renewals r ON r.terminal_id = t.id
     WHERE p.partner_id = ? ORDER BY t.id`,
  );
  return {
    find: (terminalId) => guarded(() => find.get(terminalId) ?? null),
    partnerOf: (pointOfSaleId) => guarded(() => partnerOf.get(pointOfSaleId) ?? null),
    putCode: (code) => guarded(() => codes.put(code)),
    codeBy: (digest) => guarded(() => codes.by(digest)),
    putInForce: (terminal, issued) => guarded(() => putInForce(terminal, issued)),
    renewalOf: (terminalId) => guarded(() => renewals.of(terminalId)),
    renewalBy: (fingerprint) => guarded(() => renewals.by(fingerprint)),
    putRenewal: (renewal) => guarded(() => renewals.put(renewal)),
    atPartner: (partnerId) => guarded(() => atPartner.all(partnerId)),
  };
}

interface CodeSqlRow {
  readonly terminal_id: string;
  readonly digest: Buffer;
  readonly point_of_sale_id: string;
  readonly expires_at_ms: number;
  readonly used_at_ms: number | null;
}

/** Null in every field of a code that nobody has used. */
interface IssuedSqlRow<InitialKeyId> {
  readonly key_hash: Buffer;
  readonly certificate: string;
  readonly certificate_fingerprint: string;
  readonly certificate_expires_at_ms: number;
  readonly initial_key_id: InitialKeyId;
}

function issuedOf<InitialKeyId>(row: IssuedSqlRow<InitialKeyId>) {
  return {
    keyHash: row.key_hash,
    certificate: row.certificate,
    certificateFingerprint: row.certificate_fingerprint,
    certificateExpiresAtMs: row.certificate_expires_at_ms,
    initialKeyId: row.initial_key_id,
  };
}

/** In the order of the columns above. */
function issuedValues(issued: Renewed | null) {
  return [
    issued?.keyHash ?? null,
    issued?.certificate ?? null,
    issued?.certificateFingerprint ?? null,
    issued?.certificateExpiresAtMs ?? null,
    issued?.initialKeyId ?? null,
  ];
}

const ISSUED_COLUMNS =
  "key_hash, certificate, certificate_fingerprint, certificate_expires_at_ms, initial_key_id";

function prepareCodes(db: Sqlite) {
  const drop = db.prepare("DELETE FROM activation_codes WHERE terminal_id = ?");
  const insert = db.prepare(
    `INSERT INTO activation_codes (terminal_id, digest, point_of_sale_id, expires_at_ms, used_at_ms, ${ISSUED_COLUMNS})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const byDigest = db.prepare<[Buffer], CodeSqlRow & IssuedSqlRow<string>>(
    "SELECT * FROM activation_codes WHERE digest = ?",
  );
  return {
    put(code: ActivationCodeRow): void {
      const { terminalId, digest, pointOfSaleId, expiresAtMs, used } = code;
      drop.run(terminalId);
      const values = [used?.atMs ?? null, ...issuedValues(used)];
      insert.run(terminalId, digest, pointOfSaleId, expiresAtMs, ...values);
    },
    by(digest: Uint8Array): ActivationCodeRow | null {
      const row = byDigest.get(Buffer.from(digest));
      if (!row) return null;
      const { used_at_ms: atMs } = row;
      return {
        terminalId: row.terminal_id,
        digest: row.digest,
        pointOfSaleId: row.point_of_sale_id,
        expiresAtMs: row.expires_at_ms,
        used: atMs === null ? null : { atMs, ...issuedOf(row) },
      };
    },
  };
}

interface RenewalSqlRow extends IssuedSqlRow<string | null> {
  readonly terminal_id: string;
  readonly asked_at_ms: number;
}

function prepareRenewals(db: Sqlite) {
  const drop = db.prepare("DELETE FROM certificate_renewals WHERE terminal_id = ?");
  const insert = db.prepare(
    `INSERT INTO certificate_renewals (terminal_id, asked_at_ms, ${ISSUED_COLUMNS})
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const ofTerminal = db.prepare<[string], RenewalSqlRow>(
    "SELECT * FROM certificate_renewals WHERE terminal_id = ?",
  );
  const byCertificate = db.prepare<[string], RenewalSqlRow>(
    "SELECT * FROM certificate_renewals WHERE certificate_fingerprint = ?",
  );
  const renewalOf = (row: RenewalSqlRow | undefined): RenewalRow | null =>
    row ? { terminalId: row.terminal_id, askedAtMs: row.asked_at_ms, ...issuedOf(row) } : null;
  return {
    of: (terminalId: string) => renewalOf(ofTerminal.get(terminalId)),
    by: (fingerprint: string) => renewalOf(byCertificate.get(fingerprint)),
    put(renewal: RenewalRow): void {
      drop.run(renewal.terminalId);
      insert.run(renewal.terminalId, renewal.askedAtMs, ...issuedValues(renewal));
    },
  };
}

function preparePutInForce(db: Sqlite) {
  const dropRenewal = db.prepare("DELETE FROM certificate_renewals WHERE terminal_id = ?");
  // A revoked terminal stays revoked: its status is not touched.
  const put = db.prepare(
    `INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id,
       certificate_expires_at_ms, enrolled_at_ms)
     VALUES (?, ?, 'active', ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET point_of_sale_id = excluded.point_of_sale_id,
       certificate_fingerprint = excluded.certificate_fingerprint,
       initial_key_id = ifnull(excluded.initial_key_id, initial_key_id),
       ksn_counter = iif(excluded.initial_key_id IS NULL, ksn_counter, 0),
       certificate_expires_at_ms = excluded.certificate_expires_at_ms,
       enrolled_at_ms = excluded.enrolled_at_ms`,
  );
  return (
    { id, pointOfSaleId, enrolledAtMs }: Parameters<TerminalDriver["putInForce"]>[0],
    { certificateFingerprint, initialKeyId, certificateExpiresAtMs }: Renewed,
  ): void => {
    dropRenewal.run(id);
    put.run(
      id,
      pointOfSaleId,
      certificateFingerprint,
      initialKeyId,
      certificateExpiresAtMs,
      enrolledAtMs,
    );
  };
}
