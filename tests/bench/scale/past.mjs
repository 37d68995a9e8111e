// @ts-check
// Fills the past into a ledger that no gateway has open: so many sales as rows and sealed links, without deciding any.

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { createChainSteps } from "../../../gateway/dist/store/chain/seal.js";
import { prepareChain } from "../../../gateway/dist/store/sqlite/chain.js";
import { findModels } from "./past-models.mjs";
import { readTrees } from "./trees.mjs";

const DAY_MS = 24 * 3_600_000;
/** From so long ago until yesterday, evenly. */
const FIRST_DAYS_AGO = 180;
const LAST_DAYS_AGO = 1;
/** The first of them are the shop's own. */
const TERMINALS = 400;
/** Sealed while they are still in SQLite's cache. */
const SALES_PER_SEAL = 2_000;
/** So many that the scattered pages of an index are written once for thousands of sales. */
const SALES_PER_COMMIT = 500_000;
/** All indexes of 10 million sales, and the rows of some 100,000. */
const CACHE_KIB = 1 << 20;

/** @typedef {import("better-sqlite3").Database} Sqlite */
/**
 * @typedef {object} PastFigures
 * @property {number} sales all approved
 * @property {number} approvedCents
 * @property {number} seconds
 * @property {number} databaseBytes with the past in it
 * @property {Record<string, number>} indexBytes of each index on the rows of sales
 */

/**
 * @param {object} options
 * @param {string} options.folder a gateway's, which has ended
 * @param {number} options.sales
 * @param {(line: string) => void} options.say
 * @returns {Promise<PastFigures>}
 * @throws RangeError where the population has not enough to spend for them
 */
export async function fillPast({ folder, sales, say }) {
  const startedMs = performance.now();
  const path = join(folder, "gateway.db");
  const db = openForFilling(path);
  const approvedCents = await fill(db, { sales, say });
  const indexBytes = readTrees(db);
  closeDurably(db, path);
  return {
    sales,
    approvedCents,
    seconds: (performance.now() - startedMs) / 1_000,
    databaseBytes: statSync(path).size,
    indexBytes,
  };
}

/** Without any durability until it is closed: a run that ends on the way is thrown away. @param {string} path */
function openForFilling(path) {
  const db = new Database(path, { fileMustExist: true });
  // SQLite refuses to go without a journal otherwise.
  db.unsafeMode(true);
  db.pragma("locking_mode = EXCLUSIVE");
  db.pragma("journal_mode = OFF");
  db.pragma("synchronous = OFF");
  // Each sale's grant is there: buyers are who has it.
  db.pragma("foreign_keys = OFF");
  db.pragma(`cache_size = -${CACHE_KIB}`);
  return db;
}

/** @param {Sqlite} db @param {string} path */
function closeDurably(db, path) {
  db.pragma("journal_mode = WAL");
  db.close();
  // All of it now, and not while sales are measured.
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}

/** @param {Sqlite} db @param {{ sales: number, say: (line: string) => void }} options @returns {Promise<number>} cents */
async function fill(db, { sales, say }) {
  const { models, buyers } = findModels(db);
  const dearest = models.reduce((most, { units }) => Math.max(most, units), 0);
  const room = buyers.roomFor(dearest);
  if (sales > room)
    throw new RangeError(`--past: this population has room for ${room} sales, and not ${sales}`);
  const sealAll = prepareSealing(db);
  let cents = 0;
  db.exec("BEGIN");
  for (let made = 0; made < sales; ) {
    cents += writeSale({
      model: models[made % models.length],
      buyers,
      atMs: instantOf(made, sales),
    });
    made += 1;
    if (made % SALES_PER_SEAL === 0) await sealAll();
    if (made % SALES_PER_COMMIT === 0) {
      db.exec("COMMIT; BEGIN");
      say(`past: ${made} of ${sales} sales`);
    }
  }
  await sealAll();
  buyers.settle();
  db.exec("COMMIT");
  return cents;
}

/** Of sales: after one the sealer reads most at a time. */
const FULL_COMMIT = 64;

/** The gateway's own sealer, in whatever transaction is open. @param {Sqlite} db @returns {() => Promise<void>} */
function prepareSealing(db) {
  /** @template T @param {() => T | PromiseLike<T>} work */
  const now = async (work) => work();
  const lastCommit = () => FULL_COMMIT;
  const options = { chain: prepareChain(db), runBetween: now, readBehind: now, lastCommit };
  const { seal } = createChainSteps(options);
  return async () => {
    while ((await seal()).sealed > 0);
  };
}

/** @param {number} no of the sale @param {number} sales @returns {number} */
function instantOf(no, sales) {
  const daysAgo = FIRST_DAYS_AGO - ((FIRST_DAYS_AGO - LAST_DAYS_AGO) * no) / sales;
  return Math.floor(Date.now() - daysAgo * DAY_MS);
}

/**
 * @param {object} options
 * @param {import("./past-models.mjs").Model | undefined} options.model
 * @param {import("./past-buyers.mjs").Buyers} options.buyers
 * @param {number} options.atMs
 * @returns {number} cents
 */
function writeSale({ model, buyers, atMs }) {
  if (model === undefined) throw new Error("no sale to copy");
  const { units, write } = model;
  const terminalId = `T-${Math.floor(Math.random() * TERMINALS)}`;
  write({ attemptId: idAt(atMs), terminalId, accountId: buyers.next({ units, atMs }), atMs });
  return units;
}

/** UUIDv7, as terminals make them. @param {number} atMs */
function idAt(atMs) {
  const time = atMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
