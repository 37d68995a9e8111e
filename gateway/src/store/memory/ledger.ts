// A ledger over rows that stand in memory.

import type {
  AttemptRow,
  EntryRow,
  EventRow,
  Ledger,
  LedgerCard,
  OwnedGrant,
  OwnedSuspension,
  ReversalRow,
  StoredProgramme,
} from "../driver.js";
import { keyOf } from "./tables.js";

/** What a ledger holds, row by row. */
export interface LedgerRows {
  readonly programmes: readonly StoredProgramme[];
  readonly attempts: readonly AttemptRow[];
  readonly reversals: readonly ReversalRow[];
  readonly entries: readonly EntryRow[];
  readonly grants: readonly OwnedGrant[];
  readonly cards: readonly LedgerCard[];
}

/** What was told beside it, row by row. */
export interface TrailRows {
  readonly suspensions: readonly OwnedSuspension[];
  readonly events: readonly EventRow[];
}

/** The ledger that rows make. */
export function ledgerOf(rows: LedgerRows & TrailRows): Ledger {
  const attemptKey = (entry: EntryRow) => keyOf(entry.terminalId, entry.attemptId);
  const entriesByAttempt = new Map<string, EntryRow[]>();
  for (const entry of rows.entries) {
    const own = entriesByAttempt.get(attemptKey(entry));
    if (own) own.push(entry);
    else entriesByAttempt.set(attemptKey(entry), [entry]);
  }
  const reversals = new Map(rows.reversals.map((row) => [keyOf(row.terminalId, row.id), row]));
  const known = new Set(rows.attempts.map(({ terminalId, id }) => keyOf(terminalId, id)));
  return {
    programmes: () => rows.programmes,
    attempts: () =>
      rows.attempts.map((attempt) => {
        const key = keyOf(attempt.terminalId, attempt.id);
        const reversal = reversals.get(key) ?? null;
        return { attempt, reversal, entries: entriesByAttempt.get(key) ?? [] };
      }),
    entries: () => rows.entries,
    strayEntries: () => rows.entries.filter((entry) => !known.has(attemptKey(entry))),
    strayReversals: () =>
      rows.reversals.filter(({ terminalId, id }) => !known.has(keyOf(terminalId, id))),
    grants: () => rows.grants,
    suspensions: () => rows.suspensions,
    events: ({ subject }) =>
      rows.events.filter((row) => subject === null || row.subject === subject),
    cards: () => rows.cards,
  };
}
