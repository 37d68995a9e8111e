// @ts-check
// Reads a database's tables and indexes once, so that they are in the operating system's cache, and says how large they are.

/** Rows of sales: a gateway adds to their ends, and reads of them what it finds by their indexes. */
const ROWS_OF_SALES = ["attempts", "entries", "links"];

/**
 * As of a gateway that has sold for weeks; the rows of sales apart, which are most of a large ledger.
 *
 * @param {import("better-sqlite3").Database} db
 * @returns {Record<string, number>} of each index on the rows of sales, its bytes
 */
export function readTrees(db) {
  const trees = /** @type {{ name: string, table: string }[]} */ (
    db.prepare('SELECT name, tbl_name AS "table" FROM sqlite_schema WHERE rootpage > 0').all()
  );
  // dbstat reads every page of what it is asked for.
  const bytes = db.prepare("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?").pluck();
  const read = trees
    .filter(({ name }) => !ROWS_OF_SALES.includes(name))
    .map(({ name, table }) => ({ name, table, bytes: Number(bytes.get(name)) }));
  const indexes = read.filter(({ table }) => ROWS_OF_SALES.includes(table));
  return Object.fromEntries(indexes.map(({ name, bytes }) => [name, bytes]));
}
