// What a transaction locks before it reads, so that no gateway decides on what another is about to change.
//
// Whatever a decision expects to find stands under the lock of its account or of its terminal, so that a row which is not as it
// was read is a bug here as it is elsewhere. What is there for the first time has no row to lock: its unique key tells.
//
// The lock comes first, and what it protects is read by a later statement: one that waited shows other tables as they were
// before it waited.

import type { Sql } from "../sql/sql.js";
import { LOCK_SUBJECT } from "./advisory.js";
import type { Transaction } from "./transaction.js";

export type Locks = ReturnType<typeof createLocks>;

/** Builds the locks of a transaction. Without an open one there is nothing to lock for. */
export function createLocks(sql: Sql, transaction: Pick<Transaction, "isOpen" | "isKnown">) {
  const account = sql.prepare("SELECT id FROM accounts WHERE id = ? FOR UPDATE");
  const owner = sql.prepare<{ readonly account_id: string | null }>(
    "SELECT account_id FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const subject = sql.prepare(LOCK_SUBJECT);

  /** @returns whether it is held from now on, so that what was read before must be read again. */
  async function lockAccount(id: string | null): Promise<boolean> {
    if (id === null || !transaction.isOpen() || transaction.isKnown(`account ${id}`)) return false;
    await account.get(id);
    return true;
  }

  return {
    account: lockAccount,

    /** The account of a sale, which stays the same. */
    async sale(terminalId: string, id: string): Promise<void> {
      if (!transaction.isOpen()) return;
      const sale = await owner.get(terminalId, id);
      await lockAccount(sale?.account_id ?? null);
    },

    /** What an event is about: it may not be there yet. */
    async subject(kind: "beneficiary" | "partner", id: string): Promise<void> {
      const name = `${kind} ${id}`;
      if (!transaction.isOpen() || transaction.isKnown(name)) return;
      await subject.get(name);
    },
  };
}
