// The embedded driver: one SQLite file, one writer, a commit that is on disk before it returns.

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

  return {
    ...reads,
    begin: () => void begin.run(),
    apply(change) {
      try {
        asAWhole(change);
      } catch (error) {
        // SQLite itself rolls everything back on a full disk, say: then no sale of this commit is stored.
        if (!db.inTransaction) {
          throw new TransactionLostError("SQLite ended the transaction", { cause: error });
        }
        throw error;
      }
    },
    sync: () => void commit.run(),
    rollback() {
      if (db.inTransaction) rollback.run();
    },
    load,
    close: () => void db.close(),
  };
}
