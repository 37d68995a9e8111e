// The tables of terminals' credentials: codes, what is in force, and renewals under way.

import type {
  ActivationCodeRow,
  EnrolledTerminal,
  ListedTerminal,
  RenewalRow,
  Renewed,
  TerminalDriver,
} from "../terminals/driver.js";
import type { Sql } from "./sql.js";

/** Prepares the tables of terminals' credentials. */
export function terminalTables(sql: Sql): TerminalDriver {
  const codes = prepareCodes(sql);
  const renewals = prepareRenewals(sql);
  const find = sql.prepare<EnrolledTerminal>(
    `SELECT id, status, point_of_sale_id AS "pointOfSaleId",
       certificate_fingerprint AS "certificateFingerprint",
       certificate_expires_at_ms AS "certificateExpiresAtMs"
     FROM terminals WHERE id = ?`,
  );
  const partnerOf = sql.prepare<{ readonly partner_id: string }>(
    "SELECT partner_id FROM points_of_sale WHERE id = ?",
  );
  const atPartner = sql.prepare<ListedTerminal>(
    `SELECT t.id, t.point_of_sale_id AS "pointOfSaleId", t.status, t.enrolled_at_ms AS "enrolledAtMs",
       t.certificate_expires_at_ms AS "certificateExpiresAtMs", t.initial_key_id AS "initialKeyId",
       t.ksn_counter AS "ksnCounter", r.asked_at_ms AS "renewalAskedAtMs"
     FROM terminals t JOIN points_of_sale p ON p.id = t.point_of_sale_id
       LEFT JOIN certificate_renewals r ON r.terminal_id = t.id
     WHERE p.partner_id = ? ORDER BY t.id`,
  );
  return {
    find: async (terminalId) => (await find.get(terminalId)) ?? null,
    partnerOf: async (pointOfSaleId) => (await partnerOf.get(pointOfSaleId))?.partner_id ?? null,
    putCode: codes.put,
    codeBy: codes.by,
    putInForce: preparePutInForce(sql),
    renewalOf: renewals.of,
    renewalBy: renewals.by,
    putRenewal: renewals.put,
    atPartner: (partnerId) => atPartner.all(partnerId),
  };
}

interface CodeSqlRow {
  readonly terminal_id: string;
  readonly digest: Uint8Array;
  readonly point_of_sale_id: string;
  readonly expires_at_ms: number;
  readonly used_at_ms: number | null;
}

/** Null in every field of a code that nobody has used. */
interface IssuedSqlRow<InitialKeyId> {
  readonly key_hash: Uint8Array;
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

function prepareCodes(sql: Sql) {
  const drop = sql.prepare("DELETE FROM activation_codes WHERE terminal_id = ?");
  const insert = sql.prepare(
    `INSERT INTO activation_codes (terminal_id, digest, point_of_sale_id, expires_at_ms, used_at_ms, ${ISSUED_COLUMNS})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const byDigest = sql.prepare<CodeSqlRow & IssuedSqlRow<string>>(
    "SELECT * FROM activation_codes WHERE digest = ?",
  );
  return {
    async put(code: ActivationCodeRow): Promise<void> {
      const { terminalId, digest, pointOfSaleId, expiresAtMs, used } = code;
      await drop.run(terminalId);
      const values = [used?.atMs ?? null, ...issuedValues(used)];
      await insert.run(terminalId, digest, pointOfSaleId, expiresAtMs, ...values);
    },
    async by(digest: Uint8Array): Promise<ActivationCodeRow | null> {
      const row = await byDigest.get(digest);
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

function prepareRenewals(sql: Sql) {
  const drop = sql.prepare("DELETE FROM certificate_renewals WHERE terminal_id = ?");
  const insert = sql.prepare(
    `INSERT INTO certificate_renewals (terminal_id, asked_at_ms, ${ISSUED_COLUMNS})
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const ofTerminal = sql.prepare<RenewalSqlRow>(
    "SELECT * FROM certificate_renewals WHERE terminal_id = ?",
  );
  const byCertificate = sql.prepare<RenewalSqlRow>(
    "SELECT * FROM certificate_renewals WHERE certificate_fingerprint = ?",
  );
  const renewalOf = (row: RenewalSqlRow | undefined): RenewalRow | null =>
    row ? { terminalId: row.terminal_id, askedAtMs: row.asked_at_ms, ...issuedOf(row) } : null;
  return {
    of: async (terminalId: string) => renewalOf(await ofTerminal.get(terminalId)),
    by: async (fingerprint: string) => renewalOf(await byCertificate.get(fingerprint)),
    async put(renewal: RenewalRow): Promise<void> {
      await drop.run(renewal.terminalId);
      await insert.run(renewal.terminalId, renewal.askedAtMs, ...issuedValues(renewal));
    },
  };
}

function preparePutInForce(sql: Sql) {
  const dropRenewal = sql.prepare("DELETE FROM certificate_renewals WHERE terminal_id = ?");
  // A revoked terminal stays revoked: its status is not touched.
  const put = sql.prepare(
    `INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id,
       certificate_expires_at_ms, enrolled_at_ms)
     VALUES (?, ?, 'active', ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET point_of_sale_id = excluded.point_of_sale_id,
       certificate_fingerprint = excluded.certificate_fingerprint,
       initial_key_id = coalesce(excluded.initial_key_id, terminals.initial_key_id),
       ksn_counter = CASE WHEN excluded.initial_key_id IS NULL THEN terminals.ksn_counter ELSE 0 END,
       certificate_expires_at_ms = excluded.certificate_expires_at_ms,
       enrolled_at_ms = excluded.enrolled_at_ms`,
  );
  return async (
    { id, pointOfSaleId, enrolledAtMs }: Parameters<TerminalDriver["putInForce"]>[0],
    { certificateFingerprint, initialKeyId, certificateExpiresAtMs }: Renewed,
  ): Promise<void> => {
    await dropRenewal.run(id);
    await put.run(
      id,
      pointOfSaleId,
      certificateFingerprint,
      initialKeyId,
      certificateExpiresAtMs,
      enrolledAtMs,
    );
  };
}
