// The files of a SQLite database whose write-ahead log is moved into it only when it is asked to.

import { closeSync, openSync } from "node:fs";
import type { LedgerFiles } from "../ledger-files.js";
import type { Sqlite } from "./database.js";

/** @returns what may be closed only after the database. */
export function openLedgerFiles(
  db: Sqlite,
  path: string,
): LedgerFiles & { readonly close: () => void } {
  const database = openSync(path, "r");
  return {
    database,
    logPath: `${path}-wal`,
    isIdle: () => !db.inTransaction,
    checkpoint: () => void db.pragma("wal_checkpoint(TRUNCATE)"),
    close: () => closeSync(database),
  };
}
