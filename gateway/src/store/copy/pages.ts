// Reads and writes the rows of one table in pages, so that memory stays the same however many there are.

import { assert } from "../../core/assert.js";
import type { Statement } from "../sql/sql.js";
import type { Row } from "./digest.js";
import type { CopyEnd } from "./end.js";
import type { CopiedTable } from "./tables.js";

const PAGE_ROWS = 500;

/** The most values of one statement in SQLite; in PostgreSQL there may be twice as many. */
const VALUES_MAX = 32_766;

/** A table with the columns that are copied. */
export interface Columned extends CopiedTable {
  readonly columns: readonly string[];
}

/** All rows in the order of their key. */
export async function* pagesOf(end: CopyEnd, table: Columned): AsyncGenerator<readonly Row[]> {
  const { name, key, columns, pageRows = PAGE_ROWS } = table;
  const own = (column: string) => end.column(name, column);
  const list = columns.map((column) => `${own(column)} AS "${column}"`).join(", ");
  const order = `ORDER BY ${key.map(own).join(", ")} LIMIT ${pageRows}`;
  const after = `(${key.map(own).join(", ")}) > (${key.map(() => "?").join(", ")})`;
  const next = end.sql.prepare<Row>(`SELECT ${list} FROM ${name} WHERE ${after} ${order}`);
  let page = await end.sql.prepare<Row>(`SELECT ${list} FROM ${name} ${order}`).all();
  while (page.length > 0) {
    yield page;
    if (page.length < pageRows) return;
    page = await next.all(...keyOf(page.at(-1), key));
  }
}

function keyOf(row: Row | undefined, key: readonly string[]) {
  return key.map((column) => {
    const value = row?.[column];
    assert(value !== undefined && value !== null, "a row has its key");
    return value;
  });
}

/** Prepares the writing of a table's pages. */
export function prepareWriting(end: CopyEnd, { name, columns }: Columned) {
  const list = columns.map((column) => end.column(name, column)).join(", ");
  const row = `(${columns.map(() => "?").join(", ")})`;
  const rowsMax = Math.floor(VALUES_MAX / columns.length);
  /** By the number of rows: those of a whole page, and of the last one. */
  const inserts = new Map<number, Statement<never>>();

  function insertOf(count: number): Statement<never> {
    const known = inserts.get(count);
    if (known) return known;
    const rows = Array.from({ length: count }, () => row).join(", ");
    const text = `INSERT INTO ${name} (${list}) ${end.withOwnNumbers} VALUES ${rows}`;
    const made = end.sql.prepare(text);
    inserts.set(count, made);
    return made;
  }

  return async (page: readonly Row[]): Promise<void> => {
    for (let done = 0; done < page.length; done += rowsMax) {
      const rows = page.slice(done, done + rowsMax);
      const written = await insertOf(rows.length).run(...rows.flatMap((it) => Object.values(it)));
      assert(written === rows.length, "every row is written");
    }
  };
}
