// The embedded driver: one SQLite file, one writer, a commit that is on disk before it returns.

import type { Driver } from "../driver.js";
import { prepareAttempts } from "./attempts.js";
import { prepareChain } from "./chain.js";
import { damaged, isDamage, openDatabase, type Sqlite } from "./database.js";
import { prepareEvents } from "./events.js";
import { createCommit, createGuard, guardEach } from "./failures.js";
import { prepareFiles } from "./files.js";
import { sqliteGaps } from "./gaps.js";
import { sqliteHolders } from "./holders.js";
import { sqliteKeyUse } from "./key-use.js";
import { prepareLedger, prepareTrail } from "./ledger.js";
import { openLedgerFiles } from "./ledger-files.js";
import { prepareLoad } from "./load.js";
import { prepareReads } from "./read.js";
import { prepareSales } from "./sales.js";
import { sqliteSettlement } from "./settlement.js";
import { sqliteTerminals } from "./terminals.js";
import { prepareWrites } from "./write.js";

interface SqliteDriverOptions {
  /** Nothing of the write-ahead log is moved into the database but by an archiver, who has the driver's `ledgerFiles`. */
  readonly isArchived?: boolean;
}

/**
 * Opens a SQLite file as a driver.
 *
 * @throws DatabaseSetupError when the file cannot be used; the message says who must act.
 */
export function sqliteDriver(path: string, options: SqliteDriverOptions = {}): Driver {
  const db = openDatabase(path);
  try {
    const driver = driverOf(db);
    return options.isArchived === true ? withFiles(driver, db, path) : driver;
  } catch (error) {
    db.close();
    throw isDamage(error) ? damaged(path, error) : error;
  }
}

function withFiles(driver: Driver, db: Sqlite, path: string): Driver {
  const ledgerFiles = openLedgerFiles(db, path);
  return {
    ...driver,
    ledgerFiles,
    close() {
      db.close();
      ledgerFiles.close();
    },
  };
}

function driverOf(db: Sqlite): Driver {
  const guarded = createGuard(db);
  const { readCase, ...reads } = prepareReads(db);
  const attempts = prepareAttempts(db);
  const sales = prepareSales(db, attempts);
  const files = prepareFiles(db);
  const events = prepareEvents(db);
  const trail = prepareTrail(db);
  const { ledger, attemptsPage } = prepareLedger(db, trail);
  const guardedLedger = guardEach(ledger, guarded);
  const lastInstantMs = prepareLastInstant(db);
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = createCommit(db);
  const rollback = db.prepare("ROLLBACK");
  const load = prepareLoad(db);
  const keepProgramme = db.prepare("INSERT OR IGNORE INTO programmes (hash, json) VALUES (?, ?)");
  // Inside an open transaction better-sqlite3 makes these savepoints.
  const applyChange = db.transaction(prepareWrites(db).change);
  const applyEvent = db.transaction(events.apply);

  return {
    ...guardEach(reads, guarded),
    ...guardEach(trail, guarded),
    lastInstantMs: () => guarded(() => lastInstantMs.get() ?? null),
    attemptsPage: (query) => guarded(() => attemptsPage(query)),
    settlement: sqliteSettlement(db, guarded),
    chain: guardEach(prepareChain(db), guarded),
    terminals: sqliteTerminals(db, guarded),
    holders: sqliteHolders(db, guarded),
    keyUse: sqliteKeyUse(db, guarded),
    gaps: sqliteGaps(db, guarded),
    findAttempt: (terminalId, id) => guarded(() => attempts.find(terminalId, id)),
    readCase: (query) => guarded(() => readCase(query)),
    readSale: (terminalId, id) => guarded(() => sales.readSale(terminalId, id)),
    findSalesOfPartner: (partnerId, id) => guarded(() => sales.findSalesOfPartner(partnerId, id)),
    findRefund: (askedBy, id) => guarded(() => sales.findRefund(askedBy, id)),
    tillDay: (query) => guarded(() => sales.tillDay(query)),
    findEvent: (id) => guarded(() => events.find(id)),
    readBeneficiary: (query) => guarded(() => files.beneficiary(query)),
    readPartner: (query) => guarded(() => files.partner(query)),
    begin: () => guarded(() => void begin.run()),
    apply: (change) => guarded(() => applyChange(change)),
    applyEvent: (event, writes) => guarded(() => applyEvent(event, writes)),
    keepProgramme: ({ hash, json }) => guarded(() => void keepProgramme.run(hash, json)),
    sync: commit,
    rollback() {
      if (db.inTransaction) rollback.run();
    },
    load: (batch) => guarded(() => load(batch)),
    ledger: () => guardedLedger,
    close: () => void db.close(),
  };
}

/** Of each table that is only added to, the last row: nothing is read but the end of its tree. */
function prepareLastInstant(db: Sqlite) {
  const lastOf = (table: string, column: string) =>
    `SELECT * FROM (SELECT ${column} AS at_ms FROM ${table} ORDER BY seq DESC LIMIT 1)`;
  const last = [
    lastOf("attempts", "decided_at_ms"),
    lastOf("reversals", "at_ms"),
    lastOf("operations", "at_ms"),
    lastOf("events", "at_ms"),
  ];
  return db
    .prepare<[], number | null>(`SELECT max(at_ms) FROM (${last.join(" UNION ALL ")})`)
    .pluck();
}
