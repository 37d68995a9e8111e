// Reads a table a page at a time, so that it is never in memory as a whole.

/** Rows of one page. Between two pages no statement is open, so that nothing else is held up by a reader. */
export const PAGE_ROWS = 1_000;

/** A row of a table with a number of its own. */
export interface Numbered {
  readonly seq: number;
}

/** All rows, each page from where the last one ended. */
export function* inPages<Row>(
  pageAfter: (last: Row | undefined) => readonly Row[],
): Generator<Row> {
  let last: Row | undefined;
  for (;;) {
    const page = pageAfter(last);
    yield* page;
    last = page.at(-1);
    if (page.length < PAGE_ROWS) return;
  }
}

/** Rows in the form that the driver tells them. */
export function* mapped<Row, T>(rows: Iterable<Row>, of: (row: Row) => T): Generator<T> {
  for (const row of rows) yield of(row);
}
