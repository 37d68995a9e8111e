// What the rows of a table are, told in 32 bytes: the same in every engine that holds the same rows.

import { createHash } from "node:crypto";
import { assert } from "../../core/assert.js";
import type { SqlValue } from "../sql/sql.js";

export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  /** Of all rows in the order of their key, hex. */
  readonly sha256: string;
}

export type Row = Readonly<Record<string, SqlValue>>;

/** Counts and digests the rows of one table, page by page. */
export function createDigest(table: string) {
  const hash = createHash("sha256");
  let count = 0;
  return {
    add(rows: readonly Row[]): void {
      for (const row of rows) hash.update(`${JSON.stringify(Object.values(row).map(told))}\n`);
      count += rows.length;
    },
    rows: () => count,
    end: (): TableDigest => ({ table, rows: count, sha256: hash.digest("hex") }),
  };
}

/** Bytes are told from a text that spells them. */
function told(value: SqlValue): string | number | readonly string[] | null {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString("hex")];
  assert(typeof value !== "number" || Number.isSafeInteger(value), "a number is a safe integer");
  return value;
}

/** The first table that is not the same in both; null where all are. */
export function firstDifference(
  one: readonly TableDigest[],
  other: readonly TableDigest[],
): string | null {
  const found = one.find(({ table, rows, sha256 }, at) => {
    const against = other[at];
    return against?.table !== table || against.rows !== rows || against.sha256 !== sha256;
  });
  return found?.table ?? null;
}
