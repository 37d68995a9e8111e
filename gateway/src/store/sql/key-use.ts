// What a database knows of keys: under which the ledger is written, and what is still under a version.

import type { KeyUseDriver, LedgerKeys } from "../key-use/driver.js";
import { CLOSED_CARD_STATUSES } from "../records.js";
import type { Sql } from "./sql.js";

/** Something is in one of these before anything else can be written under a key. */
const ROOTS = ["programmes", "accounts", "partners", "agents", "events", "ledger_keys"];

/** Prepares what is asked of a database. */
export function keyUseTables(sql: Sql): KeyUseDriver {
  const pins = sql.prepare<{ readonly pins: number }>(
    `SELECT count(*) AS pins FROM cards
     WHERE pin_key_version = ? AND status NOT IN (${CLOSED_CARD_STATUSES.map((it) => `'${it}'`).join(", ")})`,
  );
  const terminals = sql.prepare<{ readonly terminals: number }>(
    `SELECT count(*) AS terminals FROM terminals t LEFT JOIN certificate_renewals r ON r.terminal_id = t.id
     WHERE t.status = 'active'
       AND CAST(? AS TEXT) IN (substr(t.initial_key_id, 1, 8), substr(r.initial_key_id, 1, 8))`,
  );
  const isAnyUsed = ROOTS.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(" OR ");
  const used = sql.prepare<{ readonly used: 0 | 1 }>(
    `SELECT CASE WHEN ${isAnyUsed} THEN 1 ELSE 0 END AS used`,
  );
  const kept = sql.prepare<{ readonly check_value: Uint8Array; readonly versions: string }>(
    "SELECT check_value, versions FROM ledger_keys",
  );
  const keep = sql.prepare(
    `INSERT INTO ledger_keys (only_row, check_value, versions) VALUES (1, ?, ?)
     ON CONFLICT (only_row) DO UPDATE SET versions = excluded.versions
     WHERE ledger_keys.check_value = excluded.check_value AND ledger_keys.versions = ?`,
  );
  return {
    pinsUnder: async (pepperVersion) => (await pins.get(pepperVersion))?.pins ?? 0,
    terminalsUnder: async (baseKeyId) => (await terminals.get(baseKeyId))?.terminals ?? 0,
    isUsed: async () => (await used.get())?.used === 1,
    async ledgerKeys(): Promise<LedgerKeys | null> {
      const row = await kept.get();
      return row ? { checkValue: row.check_value, versions: JSON.parse(row.versions) } : null;
    },
    keepLedgerKeys: async ({ checkValue, versions }, before) =>
      (await keep.run(
        checkValue,
        JSON.stringify(versions),
        JSON.stringify(before?.versions ?? null),
      )) === 1,
  };
}
