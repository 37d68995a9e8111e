// A ledger over rows that stand in memory.

import type {
  AttemptRow,
  EntryRow,
  EventRow,
  Ledger,
  LedgerAttempt,
  LedgerCard,
  OperationRow,
  OwnedGrant,
  OwnedHold,
  OwnedSuspension,
  ReversalRow,
  StoredProgramme,
} from "../driver.js";
import { type ListedBooks, NO_BOOKS } from "./ledger-books.js";
import { keyOf } from "./tables.js";

/** What a ledger holds, row by row. */
export interface LedgerRows {
  readonly programmes: readonly StoredProgramme[];
  readonly attempts: readonly AttemptRow[];
  readonly reversals: readonly ReversalRow[];
  readonly operations: readonly OperationRow[];
  readonly holds: readonly OwnedHold[];
  readonly entries: readonly EntryRow[];
  readonly grants: readonly OwnedGrant[];
  readonly cards: readonly LedgerCard[];
}

/** What was told beside it, row by row. */
export interface TrailRows {
  readonly suspensions: readonly OwnedSuspension[];
  readonly events: readonly EventRow[];
}

/** A ledger whose attempts are a list. */
interface ListedLedger extends Ledger {
  attempts(): readonly LedgerAttempt[];
}

/** The ledger that rows make, with books beside it. */
export function ledgerOf(
  rows: LedgerRows & TrailRows,
  books: ListedBooks = NO_BOOKS,
): ListedLedger {
  const attemptKey = (entry: EntryRow) => keyOf(entry.terminalId, entry.attemptId);
  const entriesByAttempt = new Map<string, EntryRow[]>();
  for (const entry of rows.entries) {
    const own = entriesByAttempt.get(attemptKey(entry));
    if (own) own.push(entry);
    else entriesByAttempt.set(attemptKey(entry), [entry]);
  }
  const reversals = new Map(rows.reversals.map((row) => [keyOf(row.terminalId, row.id), row]));
  const known = new Set(rows.attempts.map(({ terminalId, id }) => keyOf(terminalId, id)));
  const attempts = () =>
    rows.attempts.map((attempt) => {
      const key = keyOf(attempt.terminalId, attempt.id);
      const done = rows.operations.filter((row) => keyOf(row.terminalId, row.attemptId) === key);
      return {
        attempt,
        reversal: reversals.get(key) ?? null,
        capture: done.find(({ kind }) => kind === "capture") ?? null,
        refunds: done.filter(({ kind }) => kind === "refund"),
        hold: rows.holds.find((hold) => keyOf(hold.terminalId, hold.attemptId) === key) ?? null,
        entries: entriesByAttempt.get(key) ?? [],
      };
    });
  return {
    programmes: () => rows.programmes,
    attempts,
    entries: () => rows.entries,
    strayEntries: () => rows.entries.filter((entry) => !known.has(attemptKey(entry))),
    strayReversals: () =>
      rows.reversals.filter(({ terminalId, id }) => !known.has(keyOf(terminalId, id))),
    strayOperations: () =>
      rows.operations.filter(
        ({ terminalId, attemptId }) => !known.has(keyOf(terminalId, attemptId)),
      ),
    holds: () => rows.holds,
    grants: () => rows.grants,
    suspensions: () => rows.suspensions,
    events: ({ subject }) =>
      rows.events.filter((row) => subject === null || row.subject === subject),
    cards: () => rows.cards,
    async *sales() {
      for (const row of attempts()) yield { row, books: await books.ofSale(row.attempt) };
    },
    books,
  };
}
