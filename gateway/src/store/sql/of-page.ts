// What belongs to the attempts of one page: how it is found, and given back to each of them.

import type { AttemptSqlRow } from "./ledger-rows.js";

/** The attempts of a page, by their numbers: every one between two of them is of the page, too. */
export const OF_PAGE = (terminal: string, id: string) =>
  `(${id}, ${terminal}) IN (SELECT id, terminal_id FROM attempts WHERE seq >= @from AND seq <= @to)`;

const nameOfSale = (terminalId: string, id: string) => `${id}\n${terminalId}`;

/** Rows by the sale that they belong to, in their order. */
export function bySale<Row>(
  rows: readonly Row[],
  saleOf: (row: Row) => readonly [terminalId: string, id: string],
): (sale: Pick<AttemptSqlRow, "terminal_id" | "id">) => readonly Row[] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const name = nameOfSale(...saleOf(row));
    const before = found.get(name);
    if (before) before.push(row);
    else found.set(name, [row]);
  }
  return (sale) => found.get(nameOfSale(sale.terminal_id, sale.id)) ?? [];
}
