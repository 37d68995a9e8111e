// Moves the write-ahead log into the database between two commits, so that no sale waits for it in its own commit.

import Database from "better-sqlite3";
import { LedgerDamagedError, UpkeepFailedError } from "../failures.js";
import type { Upkeep } from "../upkeep.js";
import { isDamage, type Sqlite } from "./database.js";

/**
 * Once the log has so many frames that are not in the database yet, they are moved as soon as nobody waits. Fewer would
 * make it a shorter stall, but pages that many sales write would be moved the more often.
 */
export const QUIET_FRAMES = 750;

/** Once it has so many, 4 MiB, they are moved though sales wait: the log grows by one commit more at most. */
export const BUSY_FRAMES = 1_000;

/** What `PRAGMA wal_checkpoint` says, in frames: all that the log has, and of them those that are in the database. */
interface Checkpointed {
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * Takes the checkpoints over from SQLite, which makes them inside a commit and says nothing where one fails. A sync that
 * fails here loses nothing: every commit stands synced in the log, and SQLite counts nothing as moved, so that the next try
 * writes every page again before it syncs. See docs/decisions/0034.
 */
export function prepareCheckpoints(db: Sqlite): Upkeep {
  const look = db.prepare<[], Checkpointed>("PRAGMA wal_checkpoint(NOOP)");
  const move = db.prepare<[], Checkpointed>("PRAGMA wal_checkpoint(PASSIVE)");
  /** Frames that a failed try left: it is tried again once there are so many more as it takes to begin one. */
  let left = 0;

  /** None while anything is read or written: then nothing can be moved, nor even looked at. */
  function unmoved(): number {
    try {
      const { log = 0, checkpointed = 0 } = look.get() ?? {};
      return log - checkpointed;
    } catch (error) {
      // Otherwise a try is due, which tells what is wrong.
      return isInUse(error) ? 0 : Number.MAX_SAFE_INTEGER;
    }
  }

  return {
    isDue: (isQuiet) => unmoved() - left >= (isQuiet ? QUIET_FRAMES : BUSY_FRAMES),
    run() {
      try {
        move.get();
        left = unmoved();
      } catch (error) {
        left = unmoved();
        throw failureOf(error);
      }
    },
  };
}

function isInUse(error: unknown): boolean {
  const code = error instanceof Database.SqliteError ? error.code : "";
  return code.startsWith("SQLITE_LOCKED") || code.startsWith("SQLITE_BUSY");
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (isDamage(error)) {
    return new LedgerDamagedError(
      `the ledger's file is damaged (${error.message}). Operator: stop the gateway and restore the ledger from its backup`,
      { cause: error },
    );
  }
  return new UpkeepFailedError(
    `the log could not be moved into the ledger's file (${error.code}). Nothing is lost, and it is tried again; until then the log grows. Operator: check the ledger's disk and the room on it`,
    { cause: error },
  );
}
