// What a transaction locks before it reads, so that no gateway decides on what another is about to change.
//
// The rule, for whatever is written beside other gateways:
// - What a decision expects to find is read under the lock of its account or of its terminal, so that a row which is not as it
//   was read is a bug here as it is elsewhere.
// - What may not be there yet has no row to lock: its name is locked (`Subject`) before it is looked for, and an insert that finds it
//   there after all, or an update in its place, changes nothing that was not read.
// - What comes under an id that its sender makes (a sale, a reversal, a refund) is locked by nothing before it is there: its unique key
//   tells (MADE_ONCE in failures.ts), and a copy that would be refused is looked for again under the account's lock first.
// - Everything else is written by work that is alone: settlements, operator data, terminals' credentials, holders' accounts, gaps.
//
// The lock comes first, and what it protects is read by a later statement: one that waited shows other tables as they were
// before it waited. Names are locked in one order (`SUBJECTS`) within a command; commands of one transaction may still meet
// those of another crosswise, and one of the two is run again.

import type { Sql } from "../sql/sql.js";
import { together } from "../sql/together.js";
import { LOCK_SUBJECT } from "./advisory.js";
import type { Transaction } from "./transaction.js";

export type Locks = ReturnType<typeof createLocks>;

/** What may be locked by its name, in the order in which a command does it. */
const SUBJECTS = [
  "event",
  "beneficiary",
  "partner",
  "point of sale",
  "convention",
  "card",
  "card number",
  "card chip",
  "chain",
] as const;

/** By what it is, its id; null where there is none. */
export type Subjects = Readonly<Partial<Record<(typeof SUBJECTS)[number], string | null>>>;

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

    /** What may not be there yet: whoever else names any of it waits until this transaction is over. */
    async subjects(named: Subjects): Promise<void> {
      if (!transaction.isOpen()) return;
      const names = SUBJECTS.flatMap((kind) => {
        const id = named[kind] ?? null;
        return id === null ? [] : [`${kind} ${id}`];
      });
      await together(
        names.filter((name) => !transaction.isKnown(name)).map((name) => subject.get(name)),
      );
    },
  };
}
