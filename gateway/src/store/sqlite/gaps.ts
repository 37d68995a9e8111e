// The tables of what a restore lost, and of the days that terminals compared since.

import { assert } from "../../core/assert.js";
import type { GapDay, GapDriver, GapEnd, GapRow } from "../gap/driver.js";
import type { Sqlite } from "./database.js";

interface GapSqlRow {
  readonly no: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly link_no: number;
  readonly link_hash: Buffer | null;
  readonly opened_event_id: string;
  readonly terminal_ids: string;
  readonly signature: Buffer;
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

/** @param guarded tells a bug from a database that fails, and gives the transaction up there. */
export function sqliteGaps(db: Sqlite, guarded: <T>(work: () => T) => T): GapDriver {
  const all = db.prepare<[], GapSqlRow>("SELECT * FROM gaps ORDER BY no");
  const insert = db.prepare(
    `INSERT INTO gaps (no, from_ms, to_ms, link_no, link_hash, opened_event_id, terminal_ids, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const serve = db.prepare(
    "UPDATE gaps SET served_at_ms = ? WHERE no = ? AND served_at_ms IS NULL",
  );
  const endings = {
    reconciled: db.prepare(
      "UPDATE gaps SET reconciled_at_ms = ?, reconciled_event_id = ? WHERE no = ? AND reconciled_at_ms IS NULL",
    ),
    signed: db.prepare(
      "UPDATE gaps SET signed_at_ms = ?, signed_event_id = ? WHERE no = ? AND signed_at_ms IS NULL",
    ),
  } as const;
  const putDay = db.prepare(
    `INSERT OR REPLACE INTO gap_days (gap_no, terminal_id, day, at_ms, differences) VALUES (?, ?, ?, ?, ?)`,
  );
  const days = db.prepare<[number], DaySqlRow>(
    `SELECT gap_no AS gapNo, terminal_id AS terminalId, day, at_ms AS atMs, differences
     FROM gap_days WHERE gap_no = ? ORDER BY terminal_id, day`,
  );
  const terminalsSince = db
    .prepare<[number], string>(
      `SELECT id FROM terminals WHERE status = 'active'
       UNION SELECT terminal_id FROM attempts WHERE kind = 'authorization' AND decided_at_ms >= ?
       ORDER BY 1`,
    )
    .pluck();
  return {
    all: () => guarded(() => all.all().map(gapOf)),
    open: (gap) =>
      guarded(() => {
        const { no, fromMs, toMs, linkNo, linkHash, openedEventId, terminalIds, signature } = gap;
        const values = [no, fromMs, toMs, linkNo, linkHash, openedEventId];
        insert.run(...values, JSON.stringify(terminalIds), signature);
      }),
    serve: (no, atMs) =>
      guarded(() => {
        const { changes } = serve.run(atMs, no);
        assert(changes === 1, "a gap is served for the first time once");
      }),
    end: (no, how, { atMs, eventId }) =>
      guarded(() => {
        const { changes } = endings[how].run(atMs, eventId, no);
        assert(changes === 1, "a gap ends in one way once");
      }),
    putDay: ({ gapNo, terminalId, day, atMs, differences }) =>
      guarded(() => void putDay.run(gapNo, terminalId, day, atMs, JSON.stringify(differences))),
    days: (gapNo) =>
      guarded(() =>
        days.all(gapNo).map((row) => ({ ...row, differences: JSON.parse(row.differences) })),
      ),
    terminalsSince: (sinceMs) => guarded(() => terminalsSince.all(sinceMs)),
  };
}
