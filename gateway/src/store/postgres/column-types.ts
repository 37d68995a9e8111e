// How columns of PostgreSQL become values: whole numbers as numbers, truth as 0 and 1, bytes as bytes, all else as text.

import { types } from "pg";
import { assert } from "../../core/assert.js";

/** Of pg_type: they are the same in every PostgreSQL. */
const BOOL = 16;
const INT8 = 20;
const NUMERIC = 1700;

function wholeNumber(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), "a number of the database is a safe integer");
  return value;
}

const truth = (text: string): 0 | 1 => (text === "t" ? 1 : 0);

/** For pg's `types`. */
export const columnTypes: { readonly getTypeParser: typeof types.getTypeParser } = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === INT8 || oid === NUMERIC) return wholeNumber;
    if (oid === BOOL) return truth;
    return types.getTypeParser(oid, format);
  },
};
