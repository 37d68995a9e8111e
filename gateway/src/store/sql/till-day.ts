// Reads a till's day by as many statements as a day without sales takes: a database may be some way away.

import type { Unit } from "@pass-tpe/protocol";
import type { TillDay, TillDayQuery } from "../driver.js";
import { type TillSale, tillMoves } from "../till-moves.js";
import type { OperationSqlRow } from "./ledger-rows.js";
import { bySale } from "./of-page.js";
import type { Sql } from "./sql.js";

interface TouchedRow {
  readonly terminal_id: string;
  readonly id: string;
  readonly code: string;
  readonly avantage: string | null;
  readonly decided_at_ms: number;
  readonly captured_at_ms: number | null;
  readonly reversed_units: number | null;
  readonly reversed_at_ms: number | null;
  readonly taken: number;
  readonly unit: Unit | null;
}

/** The sales that the till made, captured or reversed in a time, and those of which it gave something back. */
const TOUCHED = `WITH touched AS (
    SELECT terminal_id, id FROM attempts
      WHERE terminal_id = @terminalId AND decided_at_ms >= @fromMs AND decided_at_ms < @toMs
        AND kind = 'authorization'
    UNION SELECT terminal_id, attempt_id FROM operations
      WHERE kind = 'capture' AND terminal_id = @terminalId AND at_ms >= @fromMs AND at_ms < @toMs
    UNION SELECT terminal_id, attempt_id FROM operations
      WHERE kind = 'refund' AND asked_by = @askedBy AND at_ms >= @fromMs AND at_ms < @toMs
    UNION SELECT terminal_id, id FROM reversals
      WHERE terminal_id = @terminalId AND at_ms >= @fromMs AND at_ms < @toMs
  )`;

/** What a sale has taken is of one grant. */
const SALES = `${TOUCHED}
  SELECT attempts.terminal_id, attempts.id, attempts.code, attempts.avantage, attempts.decided_at_ms,
    operations.at_ms AS captured_at_ms, reversals.units AS reversed_units, reversals.at_ms AS reversed_at_ms,
    (SELECT CAST(coalesce(sum(entries.units), 0) AS BIGINT) FROM entries
      WHERE entries.attempt_id = attempts.id AND entries.terminal_id = attempts.terminal_id
        AND entries.units > 0) AS taken,
    (SELECT max(grants.unit) FROM entries
      JOIN grants ON grants.account_id = entries.account_id AND grants.id = entries.grant_id
      WHERE entries.attempt_id = attempts.id AND entries.terminal_id = attempts.terminal_id) AS unit
  FROM touched
  JOIN attempts ON attempts.terminal_id = touched.terminal_id AND attempts.id = touched.id
  LEFT JOIN operations ON operations.terminal_id = touched.terminal_id AND operations.attempt_id = touched.id
    AND operations.kind = 'capture'
  LEFT JOIN reversals ON reversals.terminal_id = touched.terminal_id AND reversals.id = touched.id
  ORDER BY attempts.terminal_id, attempts.id`;

/** Prepares the read of a till's day: its sales that were made, captured or reversed then, and its refunds. */
export function prepareTillDay(sql: Sql): (query: TillDayQuery) => Promise<TillDay> {
  const touched = sql.prepare<TouchedRow>(SALES);
  const refunds = sql.prepare<OperationSqlRow>(
    `SELECT * FROM operations
      WHERE kind = 'refund' AND asked_by = @askedBy AND at_ms >= @fromMs AND at_ms < @toMs ORDER BY seq`,
  );
  const held = sql.prepare<{ readonly holds: number }>(
    "SELECT count(*) AS holds FROM holds WHERE terminal_id = ? AND expires_at_ms > ?",
  );
  return async (query) => {
    const { terminalId, fromMs, toMs, nowMs } = query;
    const askedBy = `terminal ${terminalId}`;
    const rows = await touched.all({ terminalId, askedBy, fromMs, toMs });
    const refundsOf = bySale(await refunds.all({ askedBy, fromMs, toMs }), (refund) => [
      refund.terminal_id,
      refund.attempt_id,
    ]);
    const sales = rows.map((row) => saleOf(row, refundsOf(row)));
    const moves = tillMoves({ ...query, sales });
    return { moves, held: (await held.get(terminalId, nowMs))?.holds ?? 0 };
  };
}

function saleOf(row: TouchedRow, refunds: readonly OperationSqlRow[]): TillSale {
  const { reversed_units: units, reversed_at_ms: atMs } = row;
  return {
    terminalId: row.terminal_id,
    id: row.id,
    code: row.code,
    avantage: row.avantage,
    unit: row.unit,
    taken: row.taken,
    takenAtMs: row.captured_at_ms ?? row.decided_at_ms,
    reversal: units === null || atMs === null ? null : { units, atMs },
    refunds: refunds.map((refund) => ({
      id: refund.id,
      askedBy: refund.asked_by,
      units: refund.units,
      atMs: refund.at_ms,
    })),
  };
}
