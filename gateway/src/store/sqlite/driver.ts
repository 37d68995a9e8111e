// The embedded driver: one SQLite file, one writer, a commit that is on disk before it returns.

import Database from "better-sqlite3";
import { BugError } from "../../core/assert.js";
import { type Driver, TransactionLostError } from "../driver.js";
import { prepareAttempts } from "./attempts.js";
import { prepareChain } from "./chain.js";
import { openDatabase } from "./database.js";
import { prepareEvents } from "./events.js";
import { prepareFiles } from "./files.js";
import { sqliteHolders } from "./holders.js";
import { sqliteKeyUse } from "./key-use.js";
import { prepareLedger, prepareTrail } from "./ledger.js";
import { prepareLoad } from "./load.js";
import { prepareReads } from "./read.js";
import { prepareSales } from "./sales.js";
import { sqliteSettlement } from "./settlement.js";
import { sqliteTerminals } from "./terminals.js";
import { prepareWrites } from "./write.js";

/**
 * Opens a SQLite file as a driver.
 *
 * @throws DatabaseSetupError when the file cannot be used; the message says who must act.
 */
export function sqliteDriver(path: string): Driver {
  const db = openDatabase(path);
  const { readCase, ...reads } = prepareReads(db);
  const attempts = prepareAttempts(db);
  const sales = prepareSales(db, attempts);
  const files = prepareFiles(db);
  const events = prepareEvents(db);
  const trail = prepareTrail(db);
  const { ledger, attemptsPage } = prepareLedger(db, trail);
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const keepProgramme = db.prepare("INSERT OR IGNORE INTO programmes (hash, json) VALUES (?, ?)");
  // Inside an open transaction better-sqlite3 makes these savepoints.
  const applyChange = db.transaction(prepareWrites(db).change);
  const applyEvent = db.transaction(events.apply);

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
    ...trail,
    attemptsPage: (query) => guarded(() => attemptsPage(query)),
    settlement: sqliteSettlement(db, guarded),
    chain: prepareChain(db),
    terminals: sqliteTerminals(db, guarded),
    holders: sqliteHolders(db, guarded),
    keyUse: sqliteKeyUse(db, guarded),
    place: (terminalId) => guarded(() => reads.place(terminalId)),
    findAttempt: (terminalId, id) => guarded(() => attempts.find(terminalId, id)),
    readCase: (query) => guarded(() => readCase(query)),
    readSale: (terminalId, id) => guarded(() => sales.readSale(terminalId, id)),
    findSalesOfPartner: (partnerId, id) => guarded(() => sales.findSalesOfPartner(partnerId, id)),
    findRefund: (askedBy, id) => guarded(() => sales.findRefund(askedBy, id)),
    tillDay: (query) => guarded(() => sales.tillDay(query)),
    findEvent: (id) => guarded(() => events.find(id)),
    readBeneficiary: (query) => guarded(() => files.beneficiary(query)),
    readPartner: (query) => guarded(() => files.partner(query)),
    begin: () => void begin.run(),
    apply: (change) => guarded(() => applyChange(change)),
    applyEvent: (event, writes) => guarded(() => applyEvent(event, writes)),
    keepProgramme: ({ hash, json }) => void keepProgramme.run(hash, json),
    sync: () => void commit.run(),
    rollback() {
      if (db.inTransaction) rollback.run();
    },
    load: prepareLoad(db),
    ledger: () => ledger,
    close: () => void db.close(),
  };
}
