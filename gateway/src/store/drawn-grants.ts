// Every grant that was ever moved: the sum of its entries, and what it was when a sale last drew on it.

import type { Grant } from "../core/model.js";
import type { EntryRow, Ledger, LedgerAttempt } from "./driver.js";
import type { Findings } from "./findings.js";
import { nameOfAttempt } from "./row-names.js";
import { parseStoredInput } from "./stored-input.js";

/** What of a grant changes by an event alone. */
type Terms = Pick<Grant, "amount" | "supplement" | "window" | "ageWindow" | "rule">;

export interface DrawnGrant {
  /** Σ of its entries. */
  total: number;
  /** By the stored input of the last sale that drew on it; null where no sale says. */
  seen: { readonly terms: Terms; readonly atMs: number } | null;
}

/** By account and id. */
export type DrawnGrants = Map<string, DrawnGrant>;

export const drawnKey = (accountId: string, grantId: string): string => `${accountId} ${grantId}`;

/** Sums the entries of a ledger by grant. */
export async function sumEntries(
  ledger: Ledger,
): Promise<{ readonly drawn: DrawnGrants; readonly entries: number }> {
  const drawn: DrawnGrants = new Map();
  let entries = 0;
  for await (const { accountId, grantId, units } of ledger.entries()) {
    entries += 1;
    const key = drawnKey(accountId, grantId);
    const before = drawn.get(key);
    if (before) before.total += units;
    else drawn.set(key, { total: units, seen: null });
  }
  return { drawn, entries };
}

export const totalOf = ({ amount, supplement }: Pick<Grant, "amount" | "supplement">): number =>
  amount + (supplement?.amount ?? 0);

/** What can differ in a grant's terms, in one text: equal terms have equal texts. */
export function textOfTerms({ amount, supplement, window, ageWindow, rule }: Terms): string {
  const { fromMs, toMs, firstDay, lastDay } = window;
  const more = supplement && [supplement.amount, supplement.partnerFlag];
  const ages = ageWindow && [ageWindow.fromMs, ageWindow.toMs];
  return JSON.stringify([amount, more, fromMs, toMs, firstDay, lastDay, ages, rule]);
}

/** Builds what notes, sale after sale, what each grant was; it names a sale that saw less than one before it. */
export function createSightings(input: {
  readonly drawn: DrawnGrants;
  readonly faults: Findings;
}): (row: LedgerAttempt) => void {
  const { drawn, faults } = input;
  // Most grants are alike: each kind of terms stands in memory once.
  const kinds = new Map<string, Terms>();

  function seenIn(grants: readonly Grant[], { grantId }: EntryRow): Terms | null {
    const grant = grants.find(({ id }) => id === grantId);
    if (!grant) return null;
    const { amount, supplement, window, ageWindow, rule } = grant;
    const terms = { amount, supplement, window, ageWindow, rule };
    const text = textOfTerms(terms);
    const known = kinds.get(text) ?? terms;
    kinds.set(text, known);
    return known;
  }

  return ({ attempt, entries }) => {
    const taken = entries.filter(({ units }) => units > 0);
    if (taken.length === 0) return;
    const grants = grantsSeenBy(attempt.input);
    for (const entry of taken) {
      const grant = drawn.get(drawnKey(entry.accountId, entry.grantId));
      const terms = seenIn(grants, entry);
      if (!grant || !terms) continue;
      const before = grant.seen?.terms;
      if (before && (terms.amount < before.amount || totalOf(terms) < totalOf(before))) {
        const had = `${totalOf(terms)} of ${entry.grantId}, which had ${totalOf(before)} before`;
        faults.add(`${nameOfAttempt(attempt)}: it saw ${had}`);
      }
      grant.seen = { terms, atMs: attempt.decidedAtMs };
    }
  };
}

/** None where the input cannot be read: that is for the replay to say. */
function grantsSeenBy(input: string | null): readonly Grant[] {
  if (input === null) return [];
  try {
    return parseStoredInput(input).snapshot.grants;
  } catch {
    return [];
  }
}
