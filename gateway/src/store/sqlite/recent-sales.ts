// The index of an account's sales by time, which stands only where decisions ask for it.

import Database from "better-sqlite3";
import { DatabaseSetupError } from "../setup-error.js";
import { isDamage, type Sqlite, sortingInFile } from "./database.js";

/** Of all indexes the one whose writing costs a sale most. */
const KEEP = `CREATE INDEX IF NOT EXISTS attempts_by_account ON attempts (account_id, decided_at_ms)
  WHERE account_id IS NOT NULL`;
const FORGET = "DROP INDEX IF EXISTS attempts_by_account";

/**
 * Makes the index, or removes it. On a large ledger the making takes its time: some seconds for each million sales.
 *
 * @throws DatabaseSetupError where the disk has no room for it, or fails.
 */
export function findRecentSales(db: Sqlite, isAsked: boolean): void {
  try {
    sortingInFile(db, () => db.exec(isAsked ? KEEP : FORGET));
  } catch (error) {
    if (isDamage(error) || !(error instanceof Database.SqliteError)) throw error;
    throw new DatabaseSetupError(
      `the index of recent sales could not be made (${error.code}). Operator: look for room on the disks of the data folder and of temporary files; until then nothing is sold`,
      { cause: error },
    );
  }
}
