// One reversal answered again from what its attempt took: in what the stored answer is another.

import { reversalAnswer } from "../core/answers.js";
import type { Figures } from "../core/decision.js";
import type { Programme } from "../core/programme.js";
import type { LedgerAttempt, ReversalRow } from "./driver.js";
import { answerDifferences } from "./replay-attempt.js";
import type { StoredInput } from "./stored-input.js";

/**
 * Answers a reversal again. It was answered under the programme of its own day, which is one of those that were kept:
 * equal under any of them is equal.
 *
 * @param input what the attempt was decided from; null for a tombstone.
 */
export function reversalDifferences(
  { attempt, reversal, entries }: LedgerAttempt & { readonly reversal: ReversalRow },
  input: StoredInput | null,
  programmes: readonly Programme[],
): readonly string[] {
  const { id, atMs: nowMs } = reversal;
  const { avantage } = attempt;
  const figures = returnedFigures(entries, input);
  const each = programmes.map((programme) => {
    const label = avantage === null ? null : (programme.avantages.get(avantage)?.label ?? avantage);
    const answer = reversalAnswer({ id, figures, avantageLabel: label, programme, nowMs });
    return answerDifferences(reversal.answer, answer);
  });
  const [fewest = []] = each.sort((one, other) => one.length - other.length);
  return fewest.map((difference) => `its reversal ${difference}`);
}

/** What was taken comes back. */
function returnedFigures(entries: LedgerAttempt["entries"], input: StoredInput | null): Figures {
  const taken = entries.find(({ units }) => units > 0);
  const grant = input?.snapshot.grants.find(({ id }) => id === taken?.grantId);
  if (!taken || !grant || grant.unit === "RECORD" || grant.unit === "UNLIMITED") return {};
  return { returned: { unit: grant.unit, value: taken.units } };
}
