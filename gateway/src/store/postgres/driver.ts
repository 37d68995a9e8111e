// The driver for several gateways: one PostgreSQL, rows that are locked before they are read, a commit that is never guessed at.

import { CHAIN_SOURCES } from "../chain/driver.js";
import type { BroughtCard, Driver } from "../driver.js";
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
import { prepareAhead } from "./ahead.js";
import { prepareBatchWrites } from "./batch-writes.js";
import { prepareCase } from "./case.js";
import { prepareCaseCards } from "./case-cards.js";
import { prepareCaseLocks } from "./case-locks.js";
import { prepareChain } from "./chain.js";
import type { Connections } from "./connection.js";
import { watchedDatabase } from "./database.js";
import { createHorizon } from "./horizon.js";
import { prepareLimits } from "./limits.js";
import { createLocks, type Locks, type Subjects } from "./locks.js";
import { type PostgresOptions, type PostgresSettings, settingsOf } from "./options.js";
import { prepareAskers, prepareLooks, preparePlaced } from "./places.js";
import { createPools } from "./pools.js";
import { createReading, type Reading } from "./reading.js";
import { setUp } from "./set-up.js";
import { prepareShared } from "./shared.js";
import { postgresSql } from "./sql.js";
import { createTransaction, type Transaction } from "./transaction.js";

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
  const pools = createPools(settings, ready);
  const { writer, turns, looks, counts, readers, watch } = pools;
  const transaction = createTransaction(writer, looks, settings);
  const reading = createReading(transaction);
  const sql = postgresSql(reading.query);
  const locks = createLocks(sql, transaction);
  const reads = prepareReads(sql, locks);
  const horizon = createHorizon(turns, CHAIN_SOURCES);

  return {
    ...prepareLooks(looks.query),
    ...prepareAskers(reading.query),
    ...reads,
    ...prepareTransactions(sql, { transaction, reading, findAttempt: reads.findAttempt }),
    ...prepareTrail(postgresSql(looks.query)),
    ...prepareLong(reading, readers),
    limits: prepareLimits({ counts, looks }),
    chain: prepareChain({
      run: reading.query,
      read: reading.orBy(readers),
      horizon,
      lockEnd: () => locks.subjects({ chain: "end" }),
    }),
    settlement: settlementTables(sql),
    terminals: terminalTables(sql),
    holders: holderTables(sql, { newest: NEWEST_CARD_FIRST }),
    keyUse: keyUseTables(sql),
    gaps: gapTables(sql),
    move: prepareMove(sql).find,
    lastInstantMs: prepareLastInstant(sql),
    database: watchedDatabase({ connections: watch, transaction, settings }),
    shared: prepareShared(watch),
    readTogether: (work) => reading.together(turns, work),
    async close() {
      await transaction.rollback();
      horizon.close();
      await pools.close();
    },
  };
}

/** Prepares what begins, fills and ends a transaction. */
function prepareTransactions(
  sql: Sql,
  {
    transaction,
    reading,
    findAttempt,
  }: { readonly transaction: Transaction; readonly reading: Reading } & Pick<Driver, "findAttempt">,
) {
  const { sync, rollback, whole } = transaction;
  const writes = prepareWrites(sql, { leavingLocked: "FOR UPDATE SKIP LOCKED" });
  const events = prepareEvents(sql);
  const load = prepareLoad(sql);
  const keepProgramme = prepareKeepProgramme(sql);
  const { query: run } = reading;
  const lock = prepareCaseLocks(run, transaction);
  const parts = { lock, readCards: prepareCaseCards(run), readPlaced: preparePlaced(run) };
  const {
    forget,
    begin: beginAhead,
    ...sales
  } = prepareAhead(
    { run, transaction, ...parts },
    {
      findAttempt,
      readCase: prepareCase(sql, parts),
      changes: prepareBatchWrites(run, writes.change),
      applyWhole: (change) => whole(() => writes.change(change)),
    },
  );
  return {
    ...sales,
    begin(company) {
      beginAhead();
      return transaction.begin(company);
    },
    sync,
    rollback,
    async applyEvent(event, changed) {
      forget();
      await whole(() => events.apply(event, changed));
    },
    load: (batch) => whole(() => load(batch), "alone"),
    keepProgramme: (programme) => whole(() => keepProgramme(programme)),
  } satisfies Partial<Driver>;
}

/** Prepares what is read of a sale, a young person or a partner before something of it is changed: locked first. */
function prepareReads(sql: Sql, locks: Locks) {
  const attempts = prepareAttempts(sql);
  const sales = prepareSales(sql, attempts);
  const files = prepareFiles(sql);
  const events = prepareEvents(sql);
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
    async findEvent(id) {
      await locks.subjects({ event: id });
      return events.find(id);
    },
    async readBeneficiary(query) {
      const { id, card } = query;
      await locks.subjects({ beneficiary: id, ...namesOfCard(card) });
      await locks.account(id);
      return files.beneficiary(query);
    },
    async readPartner(query) {
      const { id, pointOfSaleId, conventionReference } = query;
      await locks.subjects({
        partner: id,
        "point of sale": pointOfSaleId,
        convention: conventionReference,
      });
      return files.partner(query);
    },
  } satisfies Partial<Driver>;
}

/** A card's number and chip stand for it alone, whoever brings it: none of these is free for two at a time. */
const namesOfCard = (card: BroughtCard | null): Subjects =>
  card === null
    ? {}
    : {
        card: card.id,
        "card number": Buffer.from(card.numberIndex).toString("hex"),
        "card chip": card.identifierIndex && Buffer.from(card.identifierIndex).toString("hex"),
      };

/** Prepares what may read the whole ledger, and take its time. */
function prepareLong(reading: Reading, readers: Connections) {
  const sql = postgresSql(reading.orBy(readers));
  const { ledger, attemptsPage } = prepareLedger(sql, prepareTrail(sql));
  return {
    attemptsPage,
    ledger: () => ledger,
    atOneInstant: (work) => reading.together(readers, work),
  } satisfies Partial<Driver>;
}
