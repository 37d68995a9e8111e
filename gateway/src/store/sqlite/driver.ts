// The embedded driver: one SQLite file, one writer, a commit that is on disk before it returns.

import type { Driver } from "../driver.js";
import { prepareAttempts } from "../sql/attempts.js";
import { prepareEvents } from "../sql/events.js";
import { prepareFiles } from "../sql/files.js";
import { gapTables } from "../sql/gaps.js";
import { holderTables } from "../sql/holders.js";
import { keyUseTables } from "../sql/key-use.js";
import { prepareLastInstant } from "../sql/last-instant.js";
import { prepareLedger } from "../sql/ledger.js";
import { prepareMove } from "../sql/ledger-move.js";
import { prepareLoad } from "../sql/load.js";
import { prepareKeepProgramme } from "../sql/programmes.js";
import { createRedo } from "../sql/redo.js";
import { prepareSales } from "../sql/sales.js";
import { settlementTables } from "../sql/settlement.js";
import type { Sql } from "../sql/sql.js";
import { terminalTables } from "../sql/terminals.js";
import { prepareTrail } from "../sql/trail.js";
import { prepareWrites } from "../sql/write.js";
import { prepareChain } from "./chain.js";
import { prepareCheckpoints } from "./checkpoints.js";
import { damaged, isDamage, openDatabase, type Sqlite } from "./database.js";
import { createCommit, createFailureOf, createGuard, guardEach } from "./failures.js";
import { openLedgerFiles } from "./ledger-files.js";
import { prepareReads } from "./read.js";
import { findRecentSales } from "./recent-sales.js";
import { sqliteSql } from "./sql.js";
import { createTransaction, type SqliteTransaction } from "./transaction.js";

interface SqliteDriverOptions {
  /** Nothing of the write-ahead log is moved into the database but by an archiver, who has the driver's `ledgerFiles`. */
  readonly isArchived?: boolean;
  /** Whether the programme's decisions ask for an account's recent sales. Left out: the file stays as it was. */
  readonly findsRecentSales?: boolean;
}

/**
 * Opens a SQLite file as a driver.
 *
 * @throws DatabaseSetupError when the file cannot be used; the message says who must act.
 */
export function sqliteDriver(path: string, options: SqliteDriverOptions = {}): Driver {
  const db = openDatabase(path);
  try {
    if (options.findsRecentSales !== undefined) findRecentSales(db, options.findsRecentSales);
    const driver = driverOf(db);
    return options.isArchived === true ? withFiles(driver, db, path) : driver;
  } catch (error) {
    db.close();
    throw isDamage(error) ? damaged(path, error) : error;
  }
}

function withFiles(driver: Driver, db: Sqlite, path: string): Driver {
  const ledgerFiles = openLedgerFiles(db, path);
  const { upkeep: _, ...rest } = driver;
  return {
    ...rest,
    ledgerFiles,
    close() {
      db.close();
      ledgerFiles.close();
    },
  };
}

/** A card keeps its rowid for life, and the next one has a higher one. */
const NEWEST_CARD_FIRST = "rowid DESC";

function driverOf(db: Sqlite): Driver {
  const failureOf = createFailureOf(db);
  const guarded = createGuard(failureOf);
  const transaction = createTransaction(db);
  const sql = sqliteSql(db, { failureOf, transaction });
  const { readCase, ...reads } = prepareReads(db);
  const attempts = prepareAttempts(sql);
  const { readSale, findSalesOfPartner, findRefund, tillDay } = prepareSales(sql, attempts);
  const files = prepareFiles(sql);
  const trail = prepareTrail(sql);
  const { ledger, attemptsPage } = prepareLedger(sql, trail);

  return {
    ...guardEach(reads, guarded),
    ...trail,
    ...prepareTransactions(sql, transaction, guarded),
    sync: createCommit(db, transaction),
    lastInstantMs: prepareLastInstant(sql),
    attemptsPage,
    settlement: settlementTables(sql),
    chain: guardEach(prepareChain(db), guarded),
    terminals: terminalTables(sql),
    holders: holderTables(sql, { newest: NEWEST_CARD_FIRST }),
    keyUse: keyUseTables(sql),
    gaps: gapTables(sql),
    move: prepareMove(sql).find,
    findAttempt: attempts.find,
    readCase: (query) => guarded(() => readCase(query)),
    readSale,
    findSalesOfPartner,
    findRefund,
    tillDay,
    readBeneficiary: files.beneficiary,
    readPartner: files.partner,
    upkeep: prepareCheckpoints(db),
    ledger: () => ledger,
    close: () => void db.close(),
  };
}

/** Prepares what begins, fills and ends a transaction. */
function prepareTransactions(
  sql: Sql,
  transaction: SqliteTransaction,
  guarded: <T>(work: () => T) => T,
) {
  const redo = createRedo({
    isOpen: transaction.isOpen,
    begin: () => guarded(transaction.begin),
    commit: () => guarded(transaction.commit),
    rollback: () => guarded(transaction.rollback),
  });
  const events = prepareEvents(sql);
  const load = prepareLoad(sql);
  const keepProgramme = prepareKeepProgramme(sql);
  const writes = prepareWrites(sql);
  return {
    begin: redo.begin,
    apply: (change) => redo.whole(() => writes.change(change)),
    findEvent: events.find,
    applyEvent: (event, changed) => redo.whole(() => events.apply(event, changed)),
    load: (batch) => redo.whole(() => load(batch)),
    keepProgramme: (programme) => redo.whole(() => keepProgramme(programme)),
    rollback: redo.rollback,
  } satisfies Partial<Driver>;
}
