// Reads the whole chain with its rows for a check, a page at a time.

import { CHAIN_SOURCES, type ChainRow, type ChainSource } from "../chain/driver.js";
import {
  chainRows,
  type HeadSqlRow,
  headOf,
  type LinkSqlRow,
  linkOf,
  type SqlRow,
} from "./chain-rows.js";
import { postgresSql, type RunQuery } from "./sql.js";

/** Rows of one page of a check. */
const PAGE_ROWS = 1_000;

/** Below every number there can be, also one that somebody else wrote. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/** Prepares what a check reads, a page at a time. */
export function prepareChecks(run: RunQuery) {
  const sql = postgresSql(run);
  const links = sql.prepare<LinkSqlRow>(
    `SELECT * FROM links WHERE no > ? ORDER BY no LIMIT ${PAGE_ROWS}`,
  );
  const heads = sql.prepare<HeadSqlRow>(
    `SELECT * FROM heads WHERE no > ? ORDER BY no LIMIT ${PAGE_ROWS}`,
  );
  const uncovered = (source: ChainSource) =>
    sql.prepare<SqlRow>(
      `SELECT * FROM ${source} r WHERE seq > ? AND NOT EXISTS
         (SELECT 1 FROM links l WHERE l.source = '${source}' AND l.row_seq = r.seq)
       ORDER BY seq LIMIT ${PAGE_ROWS}`,
    );
  const rowsOf = createRowsOf(run);
  return {
    async *links() {
      for await (const page of pages(
        (after) => links.all(after),
        ({ no }) => no,
      )) {
        const rows = await rowsOf(page);
        for (const row of page) yield { link: linkOf(row), row: rows.get(nameOf(row)) ?? null };
      }
    },
    async *uncovered(source: ChainSource) {
      const next = uncovered(source);
      for await (const page of pages(
        (after) => next.all(after),
        (row) => Number(row["seq"]),
      ))
        yield* chainRows(source, page);
    },
    async *heads() {
      for await (const page of pages(
        (after) => heads.all(after),
        ({ no }) => no,
      ))
        yield* page.map(headOf);
    },
  };
}

const nameOf = ({ source, row_seq: seq }: Pick<LinkSqlRow, "source" | "row_seq">) =>
  `${source} ${seq}`;

/** The rows that some links stand for, as far as they are there, by their names. */
function createRowsOf(run: RunQuery) {
  const ofSource = async (source: ChainSource, links: readonly LinkSqlRow[]) => {
    const seqs = links.filter((link) => link.source === source).map((link) => link.row_seq);
    const text = `SELECT * FROM ${source} WHERE seq = ANY ($1::bigint[])`;
    const { rows } = await run({ name: `rows-${source}`, text, values: [seqs] }, false);
    return chainRows(source, rows);
  };
  return async (links: readonly LinkSqlRow[]): Promise<ReadonlyMap<string, ChainRow>> => {
    const rows = await Promise.all(CHAIN_SOURCES.map((source) => ofSource(source, links)));
    return new Map(rows.flat().map((row) => [nameOf({ ...row, row_seq: row.seq }), row]));
  };
}

/** Page after page, each from where the one before it ended. */
async function* pages<Row>(
  pageAfter: (last: number) => Promise<readonly Row[]> | readonly Row[],
  placeOf: (row: Row) => number,
): AsyncGenerator<readonly Row[]> {
  let last = BEFORE_ALL;
  for (;;) {
    const page = await pageAfter(last);
    yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS) return;
    last = placeOf(end);
  }
}
