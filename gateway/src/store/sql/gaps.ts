// The tables of what a restore lost, and of the days that terminals compared since.

import { assert } from "../../core/assert.js";
import type { GapDay, GapDriver, GapEnd, GapRow } from "../gap/driver.js";
import type { Sql } from "./sql.js";

interface GapSqlRow {
  readonly no: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly link_no: number;
  readonly link_hash: Uint8Array | null;
  readonly opened_event_id: string;
  readonly terminal_ids: string;
  readonly signature: Uint8Array;
  readonly served_at_ms: number | null;
  readonly reconciled_at_ms: number | null;
  readonly reconciled_event_id: string | null;
  readonly signed_at_ms: number | null;
  readonly signed_event_id: string | null;
}

function endOf(atMs: number | null, eventId: string | null): GapEnd | null {
  return atMs === null || eventId === null ? null : { atMs, eventId };
}

function gapOf(row: GapSqlRow): GapRow {
  return {
    no: row.no,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    linkNo: row.link_no,
    linkHash: row.link_hash,
    openedEventId: row.opened_event_id,
    terminalIds: JSON.parse(row.terminal_ids),
    signature: row.signature,
    servedAtMs: row.served_at_ms,
    reconciled: endOf(row.reconciled_at_ms, row.reconciled_event_id),
    signed: endOf(row.signed_at_ms, row.signed_event_id),
  };
}

interface DaySqlRow extends Pick<GapDay, "gapNo" | "terminalId" | "day" | "atMs"> {
  readonly differences: string;
}

/** Prepares the tables of gaps. */
export function gapTables(sql: Sql): GapDriver {
  const all = sql.prepare<GapSqlRow>("SELECT * FROM gaps ORDER BY no");
  const insert = sql.prepare(
    `INSERT INTO gaps (no, from_ms, to_ms, link_no, link_hash, opened_event_id, terminal_ids, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const serve = sql.prepare(
    "UPDATE gaps SET served_at_ms = ? WHERE no = ? AND served_at_ms IS NULL",
  );
  const endings = {
    reconciled: sql.prepare(
      "UPDATE gaps SET reconciled_at_ms = ?, reconciled_event_id = ? WHERE no = ? AND reconciled_at_ms IS NULL",
    ),
    signed: sql.prepare(
      "UPDATE gaps SET signed_at_ms = ?, signed_event_id = ? WHERE no = ? AND signed_at_ms IS NULL",
    ),
  } as const;
  const terminalsSince = sql.prepare<{ readonly id: string }>(
    `SELECT id FROM terminals WHERE status = 'active'
     UNION SELECT terminal_id FROM attempts WHERE kind = 'authorization' AND decided_at_ms >= ?
     ORDER BY 1`,
  );
  return {
    all: async () => (await all.all()).map(gapOf),
    async open(gap) {
      const { no, fromMs, toMs, linkNo, linkHash, openedEventId, terminalIds, signature } = gap;
      const values = [no, fromMs, toMs, linkNo, linkHash, openedEventId];
      await insert.run(...values, JSON.stringify(terminalIds), signature);
    },
    async serve(no, atMs) {
      const served = await serve.run(atMs, no);
      assert(served === 1, "a gap is served for the first time once");
    },
    async end(no, how, { atMs, eventId }) {
      const ended = await endings[how].run(atMs, eventId, no);
      assert(ended === 1, "a gap ends in one way once");
    },
    ...prepareDays(sql),
    terminalsSince: async (sinceMs) => (await terminalsSince.all(sinceMs)).map(({ id }) => id),
  };
}

function prepareDays(sql: Sql): Pick<GapDriver, "putDay" | "days"> {
  const put = sql.prepare(
    `INSERT INTO gap_days (gap_no, terminal_id, day, at_ms, differences) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (gap_no, terminal_id, day) DO UPDATE SET at_ms = excluded.at_ms,
       differences = excluded.differences`,
  );
  const days = sql.prepare<DaySqlRow>(
    `SELECT gap_no AS "gapNo", terminal_id AS "terminalId", day, at_ms AS "atMs", differences
     FROM gap_days WHERE gap_no = ? ORDER BY terminal_id, day`,
  );
  return {
    async putDay({ gapNo, terminalId, day, atMs, differences }) {
      await put.run(gapNo, terminalId, day, atMs, JSON.stringify(differences));
    },
    days: async (gapNo) =>
      (await days.all(gapNo)).map((row) => ({ ...row, differences: JSON.parse(row.differences) })),
  };
}
