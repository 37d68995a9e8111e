// Reads a table a page at a time, so that it is never in memory as a whole.

import type { Awaitable } from "../rows.js";

/** Rows of one page. Between two pages no statement is open, so that nothing else is held up by a reader. */
export const PAGE_ROWS = 1_000;

/** A row of a table with a number of its own. */
export interface Numbered {
  readonly seq: number;
}

/** All rows in the form that the driver tells them, each page from where the last one ended. */
export function inPages<Row, T>(
  pageAfter: (last: Row | undefined) => Awaitable<readonly Row[]>,
  of: (row: Row) => T,
): AsyncGenerator<T> {
  return byPages(pageAfter, (page) => page.map(of));
}

/** As {@link inPages}, where what belongs to its rows is read for a page as a whole. */
export async function* byPages<Row, T>(
  pageAfter: (last: Row | undefined) => Awaitable<readonly Row[]>,
  of: (page: readonly Row[]) => Awaitable<readonly T[]>,
): AsyncGenerator<T> {
  let last: Row | undefined;
  for (;;) {
    const page = await pageAfter(last);
    yield* await of(page);
    last = page.at(-1);
    if (page.length < PAGE_ROWS) return;
  }
}
