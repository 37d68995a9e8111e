// The port between SQL that every engine understands and the adapter that runs it on one of them.

import { BugError } from "../../core/assert.js";
import type { Awaitable } from "../rows.js";

/** What a column gives and takes: integers below 2^53, text, bytes, null. There are no booleans: 0 and 1. */
export type SqlValue = string | number | Uint8Array | null;

/** What a statement is given: its `?` in their order, or one object with its `@name`s. */
export type SqlValues = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>];

/** A statement that is made once and run many times. Every call may fail as the adapter says. */
export interface Statement<Row> {
  /** The first row, or undefined where there is none. */
  get(...values: SqlValues): Awaitable<Row | undefined>;
  all(...values: SqlValues): Awaitable<readonly Row[]>;
  /** @returns how many rows were inserted, changed or deleted. */
  run(...values: SqlValues): Awaitable<number>;
}

/**
 * Runs SQL that means the same on SQLite and on PostgreSQL, inside the open transaction where there is one. What that asks
 * of a text: text is compared by its bytes; a condition is no value, but `CASE WHEN … THEN 1 ELSE 0 END` is; a sum is cast to
 * BIGINT; a name that is not lower case is quoted; a parameter whose type nothing tells is cast.
 */
export interface Sql {
  /** @param text one statement, with `?` or with `@name` for its values, never both. */
  prepare<Row = never>(text: string): Statement<Row>;
}

/** A constraint of the schema refused a write: a bug, but where operator data is loaded, which may break one. */
export class ConstraintError extends BugError {}
