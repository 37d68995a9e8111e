// Where a statement runs that belongs to no look of its own: in the open transaction, at the instant that is read, or by itself.

import type { QueryConfig, QueryResult } from "pg";
import { assert } from "../../core/assert.js";
import type { Connections } from "./connection.js";
import type { RunQuery } from "./sql.js";
import type { Transaction } from "./transaction.js";

export interface Reading {
  /** Runs a statement where it belongs. @throws as {@link Transaction.query}. */
  readonly query: RunQuery;
  /**
   * Work that reads, by statements that all see the same instant. One at a time; within the open transaction, where there
   * is one, which sees what it has locked.
   *
   * @param from whose connection it takes.
   */
  together<T>(from: Connections, work: () => Promise<T>): Promise<T>;
  /** Runs a statement at the instant that is read; by itself, on one of these, where none is. */
  readonly orBy: (connections: Connections) => RunQuery;
}

/** Builds the reading of a gateway. */
export function createReading(transaction: Transaction): Reading {
  let instant: ((query: QueryConfig) => Promise<QueryResult>) | null = null;
  return {
    query(asked, isWrite) {
      if (instant === null || transaction.isOpen()) return transaction.query(asked, isWrite);
      assert(!isWrite, "nothing is written while an instant is read");
      return instant(asked);
    },

    async together(from, work) {
      if (transaction.isOpen()) return work();
      assert(instant === null, "one instant is read at a time");
      return from.atOneInstant(async (query) => {
        instant = query;
        try {
          return await work();
        } finally {
          instant = null;
        }
      });
    },

    orBy: (connections) => (asked) => (instant ?? connections.query)(asked),
  };
}
