// The embedded driver: one SQLite file, one writer, a commit that is on disk before it returns.

import Database from "better-sqlite3";
import { BugError } from "../../core/assert.js";
import { type Driver, TransactionLostError } from "../driver.js";
import { openDatabase } from "./database.js";
import { prepareLoad } from "./load.js";
import { prepareReads } from "./read.js";
import { prepareWrites } from "./write.js";

/**
 * Opens a SQLite file as a driver.
 *
 * @throws DatabaseSetupError when the file cannot be used; the message says who must act.
 */
export function sqliteDriver(path: string): Driver {
  const db = openDatabase(path);
  const reads = prepareReads(db);
  const writes = prepareWrites(db);
  const load = prepareLoad(db);
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  // Inside an open transaction better-sqlite3 makes this a savepoint.
  const asAWhole = db.transaction(writes.change);

  const keepProgramme = db.prepare("INSERT OR IGNORE INTO programmes (hash, json) VALUES (?, ?)");

  /**
   * Tells a bug, which loses its own sale, from a disk or a file that fails: then nothing of this commit is to be
   * trusted, and it is given up while nothing of it is stored.
   */
  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      if (db.inTransaction && error.code.startsWith("SQLITE_CONSTRAINT")) {
        throw new BugError(`a constraint of the schema does not hold: ${error.message}`);
      }
      if (db.inTransaction) rollback.run();
      throw new TransactionLostError(`SQLite failed: ${error.code}`, { cause: error });
    }
  }

  return {
    ...reads,
    findAttempt: (terminalId, id) => guarded(() => reads.findAttempt(terminalId, id)),
    readCase: (query) => guarded(() => reads.readCase(query)),
    readDebits: (terminalId, id) => guarded(() => reads.readDebits(terminalId, id)),
    begin: () => void begin.run(),
    apply: (change) => guarded(() => asAWhole(change)),
    keepProgramme: ({ hash, json }) => void keepProgramme.run(hash, json),
    sync: () => void commit.run(),
    rollback() {
      if (db.inTransaction) rollback.run();
    },
    load,
    close: () => void db.close(),
  };
}
