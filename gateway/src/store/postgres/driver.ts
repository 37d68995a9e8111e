// The driver for several gateways: one PostgreSQL, rows that are locked before they are read, a commit that is never guessed at.

import { assert } from "../../core/assert.js";
import { CHAIN_SOURCES } from "../chain/driver.js";
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
import { prepareSales } from "../sql/sales.js";
import { settlementTables } from "../sql/settlement.js";
import type { Sql } from "../sql/sql.js";
import { terminalTables } from "../sql/terminals.js";
import { prepareTrail } from "../sql/trail.js";
import { prepareWrites } from "../sql/write.js";
import { prepareCase } from "./case.js";
import { prepareChain } from "./chain.js";
import { type Connections, createConnections } from "./connection.js";
import { createHorizon } from "./horizon.js";
import { createLocks, type Locks } from "./locks.js";
import {
  type PostgresOptions,
  type PostgresSettings,
  READ_TIMEOUT_MS,
  READERS_MAX,
  settingsOf,
} from "./options.js";
import { prepareLooks } from "./places.js";
import { setUp } from "./set-up.js";
import { postgresSql, type RunQuery } from "./sql.js";
import { createTransaction, type Transaction } from "./transaction.js";

/** What asks the database for its time waits for nothing else, and for no longer than that time is worth. */
const WATCH_TIMEOUT_MS = 2_000;
const DATABASE_MS = {
  name: "database-ms",
  text: "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms",
};

/** Of an account's cards a later one has a higher number. */
const NEWEST_CARD_FIRST = "seq DESC";

/**
 * Makes a driver on a PostgreSQL database, which is set up by its first use.
 *
 * @throws nothing; its first use throws DatabaseSetupError where the database cannot be used, and so does the next one.
 */
export function postgresDriver(options: PostgresOptions): Driver {
  const settings = settingsOf(options);
  return driverOf(settings, setUpOnce(settings));
}

/**
 * Opens a PostgreSQL database as a driver.
 *
 * @throws DatabaseSetupError where the database cannot be used; the message says who must act.
 */
export async function openPostgres(options: PostgresOptions): Promise<Driver> {
  const settings = settingsOf(options);
  await setUp(settings);
  return driverOf(settings, () => Promise.resolve());
}

/** Once it has gone well, that is. */
function setUpOnce(settings: PostgresSettings): () => Promise<void> {
  let settingUp: Promise<void> | null = null;
  return () => {
    settingUp ??= setUp(settings).catch((error) => {
      settingUp = null;
      throw error;
    });
    return settingUp;
  };
}

function driverOf(settings: PostgresSettings, ready: () => Promise<void>): Driver {
  const { poolMax: max, statementTimeoutMs } = settings;
  const work = createConnections({ settings, max, statementTimeoutMs, ready });
  const readers = createConnections({
    // What is read may be thought about for a while.
    settings: { ...settings, idleTransactionTimeoutMs: READ_TIMEOUT_MS },
    max: READERS_MAX,
    statementTimeoutMs: READ_TIMEOUT_MS,
    ready,
  });
  const transaction = createTransaction(work, settings);
  const sql = postgresSql(transaction.query);
  const locks = createLocks(sql, transaction);
  const horizon = createHorizon(work, CHAIN_SOURCES);
  const { readChain: read, ...long } = prepareLong(readers);
  const watch = createConnections({
    settings,
    max: 1,
    statementTimeoutMs: WATCH_TIMEOUT_MS,
    ready,
  });

  return {
    ...prepareLooks(postgresSql(work.query)),
    ...prepareTransactions(sql, transaction),
    ...prepareReads(sql, locks),
    ...long,
    readCase: prepareCase(sql, transaction),
    chain: prepareChain({ run: transaction.query, read, horizon }),
    settlement: settlementTables(sql),
    terminals: terminalTables(sql),
    holders: holderTables(sql, { newest: NEWEST_CARD_FIRST }),
    keyUse: keyUseTables(sql),
    gaps: gapTables(sql),
    move: prepareMove(sql).find,
    lastInstantMs: prepareLastInstant(sql),
    databaseMs: async () => Number((await watch.query(DATABASE_MS)).rows[0]?.now_ms),
    async close() {
      await transaction.rollback();
      horizon.close();
      await Promise.all([work.close(), readers.close(), watch.close()]);
    },
  };
}

/** Prepares what begins, fills and ends a transaction. */
function prepareTransactions(sql: Sql, transaction: Transaction) {
  const { begin, sync, rollback, whole } = transaction;
  const writes = prepareWrites(sql, { leavingLocked: "FOR UPDATE SKIP LOCKED" });
  const events = prepareEvents(sql);
  const load = prepareLoad(sql);
  const keepProgramme = prepareKeepProgramme(sql);
  return {
    begin,
    sync,
    rollback,
    apply: (change) => whole(() => writes.change(change)),
    applyEvent: (event, changed) => whole(() => events.apply(event, changed)),
    load: (batch) => whole(() => load(batch), "alone"),
    keepProgramme: (programme) => whole(() => keepProgramme(programme)),
    findEvent: events.find,
  } satisfies Partial<Driver>;
}

/** Prepares what is read of a sale, a young person or a partner before something of it is changed: locked first. */
function prepareReads(sql: Sql, locks: Locks) {
  const attempts = prepareAttempts(sql);
  const sales = prepareSales(sql, attempts);
  const files = prepareFiles(sql);
  return {
    async findAttempt(terminalId, id) {
      const found = await attempts.find(terminalId, id);
      const isNowHeld = await locks.account(found?.attempt.accountId ?? null);
      return isNowHeld ? attempts.find(terminalId, id) : found;
    },
    async readSale(terminalId, id) {
      await locks.sale(terminalId, id);
      return sales.readSale(terminalId, id);
    },
    async findSalesOfPartner(partnerId, id) {
      const found = await sales.findSalesOfPartner(partnerId, id);
      for (const { attempt } of found) await locks.account(attempt.accountId);
      return found.length === 0 ? found : sales.findSalesOfPartner(partnerId, id);
    },
    findRefund: sales.findRefund,
    tillDay: sales.tillDay,
    async readBeneficiary(query) {
      await locks.subject("beneficiary", query.id);
      await locks.account(query.id);
      return files.beneficiary(query);
    },
    async readPartner(query) {
      await locks.subject("partner", query.id);
      return files.partner(query);
    },
  } satisfies Partial<Driver>;
}

/** Prepares what may read the whole ledger, and take its time. */
function prepareLong(readers: Connections) {
  const sql = postgresSql(readers.query);
  const trail = prepareTrail(sql);
  const { attemptsPage } = prepareLedger(sql, trail);
  let readThen: RunQuery | null = null;
  const read: RunQuery = (query) => (readThen ?? readers.query)(query, false);
  const sqlThen = postgresSql(read);
  const { ledger } = prepareLedger(sqlThen, prepareTrail(sqlThen));
  return {
    ...trail,
    attemptsPage,
    readChain: read,
    ledger: () => ledger,
    atOneInstant<T>(work: () => Promise<T>): Promise<T> {
      assert(readThen === null, "one at a time reads the ledger of an instant");
      return readers.atOneInstant(async (query) => {
        readThen = query;
        try {
          return await work();
        } finally {
          readThen = null;
        }
      });
    },
  };
}
