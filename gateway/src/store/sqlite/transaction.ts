// The one transaction of a SQLite file, and whether it is still there: SQLite takes it back by itself where the file fails.

import { TransactionLostError } from "../driver.js";
import type { Transaction } from "../sql/redo.js";
import type { Sqlite } from "./database.js";

export interface SqliteTransaction extends Transaction {
  begin(): void;
  commit(): void;
  rollback(): void;
  /**
   * Before every write: what was begun must be there yet. Else the write would stand by itself, and be durable at once, while
   * what came before it in its change is gone.
   *
   * @throws TransactionLostError where it is not.
   */
  assertThere(): void;
}

/** Builds the transaction of a file. Its calls throw as SQLite does. */
export function createTransaction(db: Sqlite): SqliteTransaction {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  let isBegun = false;

  return {
    isOpen: () => isBegun || db.inTransaction,
    begin() {
      begin.run();
      isBegun = true;
    },
    commit() {
      commit.run();
      isBegun = false;
    },
    rollback() {
      isBegun = false;
      if (db.inTransaction) rollback.run();
    },
    assertThere() {
      if (!isBegun || db.inTransaction) return;
      throw new TransactionLostError("nothing of this was stored: its transaction was lost before");
    },
  };
}
