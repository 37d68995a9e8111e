// The shape of a chain's row where it is kept as the columns of a table.

import { type RowShape, rowShape } from "./row-shape.js";

/** Columns that are not sealed: the number of a row is sealed beside it, and an attempt's state changes. */
const UNSEALED_COLUMNS: readonly string[] = ["seq", "state"];

/** A column by the name of its field in the driver's records. */
const fieldOf = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Every column is sealed, so that none is left out that a later schema adds. */
export function shapeOfColumns(columns: readonly string[]): RowShape {
  return rowShape(columns.map((name) => (UNSEALED_COLUMNS.includes(name) ? null : fieldOf(name))));
}
