// What the ledger moved, as the books of reimbursement see it: a bounded range of each source at a time.

import { assert } from "../../core/assert.js";
import type {
  MovementPage,
  MovementRow,
  MovementSource,
  SettlementDriver,
} from "../settlement/driver.js";
import type { Sql } from "./sql.js";

interface MovementSqlRow {
  kind: MovementRow["kind"];
  terminal_id: string;
  sale_id: string;
  refund_id: string | null;
  partner_id: string | null;
  avantage: string | null;
  programme_hash: string;
  units: number;
  at_ms: number;
}

/** Each with the range `(?, ?]` of its numbers. */
const MOVED: Readonly<Record<MovementSource, string>> = {
  attempts: `SELECT * FROM (
      SELECT 'sale' AS kind, seq, terminal_id, id AS sale_id, CAST(NULL AS TEXT) AS refund_id, partner_id, avantage,
        programme_hash, decided_at_ms AS at_ms,
        CASE code WHEN 'APPROVED_RECORD' THEN 1 ELSE
          (SELECT CAST(coalesce(sum(e.units), 0) AS BIGINT) FROM entries e
           WHERE e.terminal_id = a.terminal_id AND e.attempt_id = a.id AND e.units > 0) END AS units
      FROM attempts a
      WHERE seq > ? AND seq <= ? AND kind = 'authorization' AND code <> 'APPROVED_HELD') m
    WHERE units <> 0 ORDER BY seq`,
  operations: `SELECT CASE o.kind WHEN 'capture' THEN 'sale' ELSE 'refund' END AS kind, o.terminal_id,
      o.attempt_id AS sale_id, CASE o.kind WHEN 'refund' THEN o.id END AS refund_id, a.partner_id, a.avantage,
      a.programme_hash, o.at_ms, CASE o.kind WHEN 'capture' THEN o.units ELSE -o.units END AS units
    FROM operations o JOIN attempts a ON a.terminal_id = o.terminal_id AND a.id = o.attempt_id
    WHERE o.seq > ? AND o.seq <= ? ORDER BY o.seq`,
  reversals: `SELECT * FROM (
      SELECT 'reversal' AS kind, r.seq, r.terminal_id, r.id AS sale_id, CAST(NULL AS TEXT) AS refund_id, a.partner_id,
        a.avantage, a.programme_hash, r.at_ms,
        CASE WHEN r.units > 0 THEN -r.units WHEN a.code = 'APPROVED_RECORD' THEN -1 ELSE 0 END AS units
      FROM reversals r JOIN attempts a ON a.terminal_id = r.terminal_id AND a.id = r.id
      WHERE r.seq > ? AND r.seq <= ?) m
    WHERE units <> 0 ORDER BY seq`,
};

/** Prepares what finds movements. */
export function prepareMovements(sql: Sql): SettlementDriver["movements"] {
  const prepared = (source: MovementSource) => ({
    range: sql.prepare<{ last: number | null; looked: number }>(
      `SELECT max(seq) AS last, count(*) AS looked
       FROM (SELECT seq FROM ${source} WHERE seq > ? ORDER BY seq LIMIT ?) r`,
    ),
    moved: sql.prepare<MovementSqlRow>(MOVED[source]),
  });
  const sources = {
    attempts: prepared("attempts"),
    operations: prepared("operations"),
    reversals: prepared("reversals"),
  };
  return async ({ source, afterSeq, max }): Promise<MovementPage> => {
    const { range, moved } = sources[source];
    const { last, looked } = (await range.get(afterSeq, max)) ?? { last: null, looked: 0 };
    const lastSeq = last ?? afterSeq;
    const rows = (await moved.all(afterSeq, lastSeq)).map(movementOf);
    return { rows, lastSeq, full: looked === max };
  };
}

function movementOf(row: MovementSqlRow): MovementRow {
  const { kind, terminal_id: terminalId, sale_id: saleId, refund_id: refundId } = row;
  const { partner_id: partnerId, avantage, programme_hash: programmeHash } = row;
  const { units, at_ms: atMs } = row;
  if (kind !== "sale") return { kind, terminalId, saleId, refundId, units, atMs };
  assert(partnerId !== null && avantage !== null, "what was sold was sold by a partner");
  return { kind, terminalId, saleId, partnerId, avantage, programmeHash, units, atMs };
}
