// Settlements, and the files that were made for each.

import { assert } from "../../core/assert.js";
import type { Settlement } from "../../core/settlement/model.js";
import type { SettlementDriver } from "../settlement/driver.js";
import type { Sql } from "./sql.js";

interface SettlementSqlRow {
  last_day: string;
  cutoff_ms: number;
  created_at_ms: number;
  state: Settlement["state"];
}

/** Without the files, which may be big. */
const SETTLEMENT = `SELECT last_day, cutoff_ms, created_at_ms, CASE WHEN file IS NULL THEN 'open' ELSE 'filed' END AS state
  FROM settlements`;

type SettlementsOf = Pick<
  SettlementDriver,
  "findSettlement" | "settlements" | "addSettlement" | "keepFiles" | "file" | "accounts"
>;

/** Prepares the reads and writes of settlements. */
export function prepareSettlements(sql: Sql): SettlementsOf {
  const find = sql.prepare<SettlementSqlRow>(`${SETTLEMENT} WHERE last_day = ?`);
  const all = sql.prepare<SettlementSqlRow>(`${SETTLEMENT} ORDER BY last_day`);
  const insert = sql.prepare(
    "INSERT INTO settlements (last_day, cutoff_ms, created_at_ms) VALUES (?, ?, ?)",
  );
  const keep = sql.prepare(
    "UPDATE settlements SET file = ?, accounts = ? WHERE last_day = ? AND file IS NULL",
  );
  const file = sql.prepare<{ readonly file: Uint8Array | null }>(
    "SELECT file FROM settlements WHERE last_day = ?",
  );
  const accounts = sql.prepare<{ readonly accounts: string | null }>(
    "SELECT accounts FROM settlements WHERE last_day = ?",
  );
  return {
    async findSettlement(lastDay) {
      const row = await find.get(lastDay);
      return row ? settlementOf(row) : null;
    },
    settlements: async () => (await all.all()).map(settlementOf),
    async addSettlement({ lastDay, cutoffMs, createdAtMs }) {
      await insert.run(lastDay, cutoffMs, createdAtMs);
    },
    async keepFiles(lastDay, made) {
      const kept = await keep.run(made.file, made.accounts, lastDay);
      assert(kept === 1, "a payment file is made once");
    },
    async file(lastDay) {
      const bytes = (await file.get(lastDay))?.file;
      return bytes ? Uint8Array.from(bytes) : null;
    },
    accounts: async (lastDay) => (await accounts.get(lastDay))?.accounts ?? null,
  };
}

function settlementOf(row: SettlementSqlRow): Settlement {
  return {
    lastDay: row.last_day,
    cutoffMs: row.cutoff_ms,
    createdAtMs: row.created_at_ms,
    state: row.state,
  };
}
