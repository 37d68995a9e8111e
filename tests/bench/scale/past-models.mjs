// @ts-check
// The real sales of a ledger that its past is copied from, and how a copy of one is written.
import { findBuyers } from "./past-buyers.mjs";
import { rowPattern } from "./past-template.mjs";

/** Cheap ones, so that many fit into what people have. */
const MODELS_MAX = 16;
const LOOKED_AT_MAX = 1_000;

/** @typedef {import("better-sqlite3").Database} Sqlite */
/** @typedef {import("./past-template.mjs").Row} Row */
/** @typedef {import("./past-template.mjs").SaleIdentity} SaleIdentity */
/** @typedef {{ units: number, write: (sale: SaleIdentity) => void }} Model */

/**
 * @param {Sqlite} db
 * @returns {{ models: Model[], buyers: import("./past-buyers.mjs").Buyers }}
 * @throws Error where nothing that can be copied was sold
 */
export function findModels(db) {
  const sales = simpleSales(db);
  const kinds = new Map(sales.map(({ suffix, real, entry }) => [suffix, { real, entry }]));
  // What most people have: last year's grants are a quarter's.
  const [widest] = [...kinds]
    .map(([suffix, { real, entry }]) => {
      const grant = { accountId: real.accountId, grantId: String(entry["grant_id"]) };
      return { suffix, buyers: findBuyers(db, grant) };
    })
    .sort((one, other) => other.buyers.ids.size - one.buyers.ids.size);
  if (widest === undefined)
    throw new Error("no sale was approved while the population was loaded: no past can be copied");
  const { suffix, buyers } = widest;
  const chosen = sales
    .filter((sale) => sale.suffix === suffix && buyers.ids.has(sale.real.accountId))
    .sort((one, other) => Number(one.entry["units"]) - Number(other.entry["units"]))
    .slice(0, MODELS_MAX);
  return { models: chosen.map((sale) => modelOf(db, sale)), buyers };
}

/** @typedef {{ attempt: Row, entry: Row, real: SaleIdentity, suffix: string }} RealSale suffix: of the grant's id, after the account's */

/** Approved, and taken from one grant at once. @param {Sqlite} db @returns {RealSale[]} */
function simpleSales(db) {
  const entriesOf = db.prepare("SELECT * FROM entries WHERE terminal_id = ? AND attempt_id = ?");
  const attempts = /** @type {Row[]} */ (
    db.prepare("SELECT * FROM attempts WHERE code = 'APPROVED' LIMIT ?").all(LOOKED_AT_MAX)
  );
  return attempts.flatMap((attempt) => {
    const real = {
      attemptId: String(attempt["id"]),
      terminalId: String(attempt["terminal_id"]),
      accountId: String(attempt["account_id"]),
      atMs: Number(attempt["decided_at_ms"]),
    };
    const entries = /** @type {Row[]} */ (entriesOf.all(real.terminalId, real.attemptId));
    const [entry] = entries;
    const grantId = String(entry?.["grant_id"]);
    if (entry === undefined || entries.length > 1 || !grantId.startsWith(real.accountId)) return [];
    return [{ attempt, entry, real, suffix: grantId.slice(real.accountId.length) }];
  });
}

/** @param {Sqlite} db @param {RealSale} sale @returns {Model} */
function modelOf(db, { attempt, entry, real }) {
  const writeAttempt = copier(db, { table: "attempts", row: attempt, real });
  const writeEntry = copier(db, { table: "entries", row: entry, real });
  return {
    units: Number(entry["units"]),
    write(sale) {
      writeAttempt(sale);
      writeEntry(sale);
    },
  };
}

/**
 * Every column as the real row has it, whatever columns there are; `seq` is the next one.
 *
 * @param {Sqlite} db
 * @param {{ table: string, row: Row, real: SaleIdentity }} options
 * @returns {(sale: SaleIdentity) => void}
 */
function copier(db, { table, row, real }) {
  const columns = Object.keys(row).filter((column) => column !== "seq");
  const names = columns.map((column) => `"${column}"`).join(", ");
  const places = columns.map(() => "?").join(", ");
  const insert = db.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`);
  const copy = rowPattern(row, columns, real);
  return (sale) => void insert.run(...copy(sale));
}
