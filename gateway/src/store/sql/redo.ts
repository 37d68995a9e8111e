// Applies each change as a whole or not at all without a savepoint: the rest of a transaction is made again where one fails.

import { TransactionLostError } from "../driver.js";
import { LedgerFailedError } from "../failures.js";
import type { Awaitable } from "../rows.js";

/** The one transaction of a connection. */
export interface Transaction {
  isOpen(): boolean;
  /** Each throws as statements do: TransactionLostError or LedgerFailedError where the engine fails. */
  begin(): Awaitable<void>;
  commit(): Awaitable<void>;
  rollback(): Awaitable<void>;
}

export interface Redo {
  begin(): Promise<void>;
  /**
   * Does work that writes, as a whole or not at all; in a transaction of its own where none is open. Where it fails,
   * everything that was done this way since the transaction began stands as before; what was written otherwise is gone,
   * and its transaction must not be committed. One at a time.
   *
   * @param work may be done more than once, with the same outcome.
   * @throws what the work throws; TransactionLostError where the rest could not be made again.
   */
  whole(work: () => Awaitable<void>): Promise<void>;
  /** Gives the transaction up, where one is open. */
  rollback(): Promise<void>;
}

/**
 * A savepoint would copy every page that a sale changes, in case that the sale fails; and it fails by a bug alone. So
 * the transaction is taken back then, and what was applied before in it is applied once more.
 */
export function createRedo(transaction: Transaction): Redo {
  /** As much as one transaction holds. */
  let done: (() => Awaitable<void>)[] = [];

  async function again(): Promise<void> {
    try {
      await transaction.rollback();
      await transaction.begin();
      for (const work of done) await work();
    } catch (cause) {
      await takeBack(cause);
      if (!isContained(cause)) throw cause;
      throw new TransactionLostError("what shared the commit with a bug could not be made again", {
        cause,
      });
    }
  }

  /** Half of a change must never be committed: where it cannot be taken back, nothing more may be. */
  async function takeBack(cause: unknown): Promise<void> {
    try {
      if (transaction.isOpen()) await transaction.rollback();
    } catch {
      // What counts is whether it is still open.
    }
    if (transaction.isOpen()) {
      throw new LedgerFailedError("a transaction could not be taken back", { cause });
    }
  }

  async function alone(work: () => Awaitable<void>): Promise<void> {
    await transaction.begin();
    try {
      await work();
      await transaction.commit();
    } catch (error) {
      await takeBack(error);
      throw error;
    }
  }

  return {
    async begin() {
      done = [];
      await transaction.begin();
    },
    async whole(work) {
      if (!transaction.isOpen()) return alone(work);
      try {
        await work();
      } catch (error) {
        if (isContained(error)) await again();
        throw error;
      }
      done.push(work);
    },
    async rollback() {
      done = [];
      if (transaction.isOpen()) await transaction.rollback();
    },
  };
}

/** A failure of the engine loses the transaction, whatever was done in it. */
function isContained(error: unknown): boolean {
  return !(error instanceof TransactionLostError || error instanceof LedgerFailedError);
}
