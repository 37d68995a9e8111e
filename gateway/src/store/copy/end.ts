// One end of a copy: a ledger that nobody else uses meanwhile, read and written by the SQL that engines share.

import type { Awaitable } from "../rows.js";
import type { Sql } from "../sql/sql.js";

/** A table with its columns, by their names in every engine. */
export type TableColumns = ReadonlyMap<string, readonly string[]>;

export interface CopyEnd {
  /** Where it is, in words that an operator knows it by; without any secret. */
  readonly place: string;
  /** Within the open transaction. */
  readonly sql: Sql;
  /**
   * Takes the ledger for itself until the transaction is over: whoever would write waits, or is refused.
   *
   * @throws DatabaseSetupError where it is in use.
   */
  begin(): Awaitable<void>;
  /** @throws anything, where it may have been made or not: whoever runs the move again finds out. */
  commit(): Awaitable<void>;
  /** The tables that are the ledger's, without those that are the engine's own. */
  tables(): Awaitable<TableColumns>;
  /** What a statement calls a column: the engine's own name for it. */
  column(table: string, name: string): string;
  /** What stands between the columns and the values of an INSERT that brings its own numbers. */
  readonly withOwnNumbers: string;
  /** After the rows: whatever draws numbers goes on after theirs, and reads find their way. */
  settleIn(): Awaitable<void>;
  /** Whoever still uses the ledger, having begun before, can write no more. */
  shut(): Awaitable<void>;
  /** Takes that back. */
  reopen(): Awaitable<void>;
  /** Gives up what is open. */
  close(): Awaitable<void>;
}
