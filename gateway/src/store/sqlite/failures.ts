// What an error code of SQLite means for what is stored: certainly nothing, in doubt, or a damaged file.

import Database from "better-sqlite3";
import { TransactionLostError } from "../driver.js";
import { LedgerDamagedError, SyncFailedError } from "../failures.js";
import { ConstraintError } from "../sql/sql.js";
import { isDamage, type Sqlite } from "./database.js";
import type { SqliteTransaction } from "./transaction.js";

/**
 * A write that failed, and never a sync: the last frame of the log is not whole then, so that the transaction is in no
 * one's eyes committed. See docs/decisions/0034.
 */
const WRITE_FAILED: readonly string[] = ["SQLITE_FULL", "SQLITE_IOERR_WRITE"];

const SYNC_FAILED: readonly string[] = ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"];

const DISK_FULL =
  "nothing of this was stored: the ledger's disk is full, or may not be written. Operator: free space on it; see docs/OPERATORS.md, When something fails";

function fatalOf(error: InstanceType<typeof Database.SqliteError>): Error | null {
  if (isDamage(error)) {
    return new LedgerDamagedError(
      `the ledger's file is damaged (${error.message}). Operator: stop the gateway and restore the ledger from its backup`,
      { cause: error },
    );
  }
  if (!SYNC_FAILED.includes(error.code)) return null;
  return new SyncFailedError(`a sync failed (${error.code}). Operator: check the ledger's disk`, {
    cause: error,
  });
}

/** What an error of SQLite is to be told as. It gives the transaction up where nothing of that is to be trusted. */
export type FailureOf = (error: unknown) => unknown;

/**
 * Builds what tells a bug, which loses its own sale, from a disk that is full: then nothing of this commit is to be trusted,
 * and it is given up while nothing of it is stored; and from a file that fails.
 */
export function createFailureOf(db: Sqlite): FailureOf {
  return (error) => {
    if (!(error instanceof Database.SqliteError)) return error;
    const fatal = fatalOf(error);
    if (fatal) return fatal;
    if (error.code.startsWith("SQLITE_CONSTRAINT")) {
      return new ConstraintError(`a constraint of the schema does not hold: ${error.message}`);
    }
    if (db.inTransaction) db.exec("ROLLBACK");
    const isFull = WRITE_FAILED.includes(error.code);
    return new TransactionLostError(isFull ? DISK_FULL : `SQLite failed: ${error.code}`, {
      cause: error,
    });
  };
}

/** Builds what every call of SQLite goes through that is no statement of the shared SQL. */
export function createGuard(failureOf: FailureOf): <T>(work: () => T) => T {
  return (work) => {
    try {
      return work();
    } catch (error) {
      throw failureOf(error);
    }
  };
}

/**
 * Builds the commit.
 *
 * @throws TransactionLostError where certainly nothing was stored; anything else leaves that in doubt.
 */
export function createCommit(
  db: Sqlite,
  transaction: Pick<SqliteTransaction, "commit">,
): () => void {
  return () => {
    try {
      transaction.commit();
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      // SQLite has taken the transaction back by then; where it has not, nobody knows what it did.
      if (WRITE_FAILED.includes(error.code) && !db.inTransaction) {
        throw new TransactionLostError(DISK_FULL, { cause: error });
      }
      throw fatalOf(error) ?? error;
    }
  };
}

type Guard = ReturnType<typeof createGuard>;

/** The same functions, and those of the objects in it, each through the guard; rows too, however late they are read. */
export function guardEach<T extends object>(part: T, guarded: Guard): T {
  const guardedOf = (value: unknown): unknown => {
    if (typeof value === "function") {
      return (...args: readonly unknown[]) =>
        guardedRows(
          guarded(() => Reflect.apply(value, part, args)),
          guarded,
        );
    }
    return typeof value === "object" && value !== null ? guardEach(value, guarded) : value;
  };
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, guardedOf(value)]),
  ) as T;
}

function guardedRows(result: unknown, guarded: Guard): unknown {
  if (!isIterator(result)) return result;
  const next = () => guarded(() => result.next());
  return { [Symbol.iterator]: () => ({ next }) };
}

function isIterator(result: unknown): result is Iterator<unknown> {
  return (
    typeof result === "object" &&
    result !== null &&
    "next" in result &&
    typeof result.next === "function"
  );
}
