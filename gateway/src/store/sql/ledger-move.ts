// The mark of a ledger that has moved to another place, or is about to come from one: it is not served meanwhile.

import type { LedgerMove } from "../ledger-move.js";
import type { Sql } from "./sql.js";

/** Prepares what is asked and said of a move. */
export function prepareMove(sql: Sql) {
  const found = sql.prepare<Omit<LedgerMove, "atMs"> & { readonly at_ms: number }>(
    "SELECT state, id, place, at_ms FROM ledger_move",
  );
  const mark = sql.prepare(
    `INSERT INTO ledger_move (only_row, state, id, place, at_ms) VALUES (1, ?, ?, ?, ?)
      ON CONFLICT (only_row) DO UPDATE
      SET state = excluded.state, id = excluded.id, place = excluded.place, at_ms = excluded.at_ms`,
  );
  const unmark = sql.prepare("DELETE FROM ledger_move");
  return {
    async find(): Promise<LedgerMove | null> {
      const row = await found.get();
      return row ? { state: row.state, id: row.id, place: row.place, atMs: row.at_ms } : null;
    },
    async mark({ state, id, place, atMs }: LedgerMove): Promise<void> {
      await mark.run(state, id, place, atMs);
    },
    async unmark(): Promise<void> {
      await unmark.run();
    },
  };
}
