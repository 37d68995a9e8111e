// What SQLite knows of keys: under which the ledger is written, and what is still under a version.

import type { KeyUseDriver, LedgerKeys } from "../key-use/driver.js";
import { CLOSED_CARD_STATUSES } from "../records.js";
import type { Sqlite } from "./database.js";

/** Something is in one of these before anything else can be written under a key. */
const ROOTS = ["programmes", "accounts", "partners", "agents", "events", "ledger_keys"];

/**
 * Prepares what is asked of a database.
 *
 * @param guarded tells a bug from a database that fails; every call goes through it.
 */
export function sqliteKeyUse(db: Sqlite, guarded: <T>(work: () => T) => T): KeyUseDriver {
  const pins = db
    .prepare<[number, string], number>(
      `SELECT COUNT(*) FROM cards
       WHERE pin_key_version = ? AND status NOT IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  const terminals = db
    .prepare<{ readonly base: string }, number>(
      `SELECT COUNT(*) FROM terminals t LEFT JOIN certificate_renewals r ON r.terminal_id = t.id
       WHERE t.status = 'active' AND @base IN (substr(t.initial_key_id, 1, 8), substr(r.initial_key_id, 1, 8))`,
    )
    .pluck();
  const used = db
    .prepare<[], number>(
      `SELECT ${ROOTS.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(" OR ")}`,
    )
    .pluck();
  const kept = db.prepare<[], { readonly check_value: Buffer; readonly versions: string }>(
    "SELECT check_value, versions FROM ledger_keys",
  );
  const keep = db.prepare<[Uint8Array, string]>(
    "INSERT OR REPLACE INTO ledger_keys (only_row, check_value, versions) VALUES (1, ?, ?)",
  );
  function ledgerKeys(): LedgerKeys | null {
    const row = kept.get();
    return row ? { checkValue: row.check_value, versions: JSON.parse(row.versions) } : null;
  }
  const closed = JSON.stringify(CLOSED_CARD_STATUSES);
  return {
    pinsUnder: (pepperVersion) => guarded(() => pins.get(pepperVersion, closed) ?? 0),
    terminalsUnder: (baseKeyId) => guarded(() => terminals.get({ base: baseKeyId }) ?? 0),
    isUsed: () => guarded(() => used.get() === 1),
    ledgerKeys: () => guarded(ledgerKeys),
    keepLedgerKeys: ({ checkValue, versions }) =>
      guarded(() => void keep.run(checkValue, JSON.stringify(versions))),
  };
}
