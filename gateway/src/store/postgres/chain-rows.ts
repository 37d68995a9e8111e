// Rows of the chain as PostgreSQL gives them, and their way into the driver's records.

import { shapeOfColumns } from "../chain/column-shape.js";
import {
  CHAIN_SOURCES,
  type ChainRow,
  type ChainSource,
  type HeadRow,
  type LinkRow,
} from "../chain/driver.js";
import type { FieldValue, RowShape } from "../chain/row-shape.js";

export interface LinkSqlRow {
  readonly no: number;
  readonly source: ChainSource;
  readonly row_seq: number;
  readonly hash: Uint8Array;
}

export const linkOf = (row: LinkSqlRow): LinkRow => ({
  no: row.no,
  source: row.source,
  rowSeq: row.row_seq,
  hash: row.hash,
});

export interface HeadSqlRow {
  readonly no: number;
  readonly hash: Uint8Array;
  readonly at_ms: number;
  readonly signature: Uint8Array;
}

export const headOf = (row: HeadSqlRow): HeadRow => ({
  no: row.no,
  hash: row.hash,
  atMs: row.at_ms,
  signature: row.signature,
});

/** By the names of columns, in their order. */
export type SqlRow = Readonly<Record<string, FieldValue>>;

/** Rows of one statement: their columns are the same. */
export function chainRows(source: ChainSource, rows: readonly SqlRow[]): readonly ChainRow[] {
  const [first] = rows;
  if (!first) return [];
  const shape = shapeOf(Object.keys(first));
  return rows.map((row) => ({
    source,
    seq: Number(row["seq"]),
    values: Object.values(row),
    shape,
  }));
}

/** By the names of columns: as many as there are sources, but while a schema grows. */
const shapes = new Map<string, RowShape>();
const SHAPES_MAX = 4 * CHAIN_SOURCES.length;

function shapeOf(columns: readonly string[]): RowShape {
  const key = columns.join();
  const known = shapes.get(key);
  if (known) return known;
  if (shapes.size >= SHAPES_MAX) shapes.clear();
  const shape = shapeOfColumns(columns);
  shapes.set(key, shape);
  return shape;
}
