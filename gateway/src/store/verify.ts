// Proves the ledger: balances recomputed from entries, every decision made again from its stored input.

import { decide } from "../core/decide.js";
import type { Programme } from "../core/model.js";
import type { AttemptRow, EntryRow, Ledger } from "./driver.js";
import { parseStoredInput, type StoredInput } from "./stored-input.js";

export interface VerifyReport {
  readonly attempts: number;
  readonly entries: number;
  readonly approved: number;
  readonly reversed: number;
  /** Σ of all entries in euro cents and in counted units together by unit. */
  readonly debited: Readonly<Record<string, number>>;
  /** What does not hold, in words. Empty when all is well. */
  readonly faults: readonly string[];
}

/** Checks a ledger against itself and against the core. Decisions under another programme are counted, not re-made. */
export function verifyLedger(ledger: Ledger, programme: Programme): VerifyReport {
  const faults = [
    ...balanceFaults(ledger),
    ...entryFaults(ledger),
    ...ledger.attempts.flatMap((attempt) => decisionFaults(attempt, programme)),
  ];
  return {
    attempts: ledger.attempts.length,
    entries: ledger.entries.length,
    approved: ledger.attempts.filter((attempt) => attempt.state === "approved").length,
    reversed: ledger.attempts.filter((attempt) => attempt.state === "reversed").length,
    debited: debitedByUnit(ledger),
    faults,
  };
}

function sumBy<T>(items: readonly T[], key: (item: T) => string, value: (item: T) => number) {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + value(item));
  return sums;
}

function debitedByUnit({ entries, grants }: Ledger): Record<string, number> {
  const units = new Map(grants.map((grant) => [grant.id, grant.unit]));
  const unitOf = (entry: EntryRow) => units.get(entry.grantId) ?? "unknown grant";
  return Object.fromEntries(sumBy(entries, unitOf, (entry) => entry.units));
}

function balanceFaults({ entries, grants }: Ledger): readonly string[] {
  const spent = sumBy(
    entries,
    (entry) => entry.grantId,
    (entry) => entry.units,
  );
  return grants.flatMap((grant) => {
    const sum = spent.get(grant.id) ?? 0;
    const faults: string[] = [];
    if (sum !== grant.spent) faults.push(`grant ${grant.id}: spent ${grant.spent}, entries ${sum}`);
    if (grant.spent > grant.amount) faults.push(`grant ${grant.id}: spent above its amount`);
    return faults;
  });
}

/** An approved attempt's entries add up to what it answered; any other attempt's to nothing. */
function entryFaults({ attempts, entries }: Ledger): readonly string[] {
  const key = (terminalId: string, id: string) => `${terminalId} ${id}`;
  const moved = sumBy(
    entries,
    (entry) => key(entry.terminalId, entry.attemptId),
    (entry) => entry.units,
  );
  const known = new Set(attempts.map((attempt) => key(attempt.terminalId, attempt.id)));
  const orphans = entries
    .filter((entry) => !known.has(key(entry.terminalId, entry.attemptId)))
    .map((entry) => `grant ${entry.grantId}: an entry of ${entry.units} belongs to no attempt`);
  const unequal = attempts.flatMap((attempt) => {
    const sum = moved.get(key(attempt.terminalId, attempt.id)) ?? 0;
    const expected = attempt.state === "approved" ? answeredUnits(attempt) : 0;
    return sum === expected
      ? []
      : [`attempt ${attempt.id}: entries ${sum}, its answer says ${expected}`];
  });
  return [...orphans, ...unequal];
}

function answeredUnits(attempt: AttemptRow): number {
  const answer: { amountCents?: number; quantity?: number } = JSON.parse(attempt.answer ?? "{}");
  return answer.amountCents ?? answer.quantity ?? 0;
}

function decisionFaults(attempt: AttemptRow, programme: Programme): readonly string[] {
  if (attempt.input === null || attempt.programmeHash !== programme.hash) return [];
  const input = readInput(attempt.input);
  if (input === null) return [`attempt ${attempt.id}: its stored input is damaged`];
  const again = decide({ ...input, programme });
  const answer: { amountCents?: number; quantity?: number } = JSON.parse(attempt.answer ?? "{}");
  const same =
    again.code === attempt.code &&
    again.figures.amountCents === answer.amountCents &&
    again.figures.quantity === answer.quantity;
  return same ? [] : [`attempt ${attempt.id}: decided ${attempt.code}, now ${again.code}`];
}

function readInput(text: string): StoredInput | null {
  try {
    return parseStoredInput(text);
  } catch {
    return null;
  }
}
