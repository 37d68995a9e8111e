// One reversal answered again from what its attempt took: in what the stored answer is another.

import { reversalAnswer } from "../core/after-sale-answers.js";
import type { Figures } from "../core/decision.js";
import type { Programme } from "../core/programme.js";
import type { LedgerAttempt, ReversalRow } from "./driver.js";
import { answerDifferences } from "./replay-attempt.js";
import { receiptOf } from "./sale-file.js";
import type { StoredInput } from "./stored-input.js";

/**
 * Answers a reversal again. It was answered under the programme of its own day, which is one of those that were kept:
 * equal under any of them is equal.
 *
 * @param input what the attempt was decided from; null for a tombstone.
 */
export function reversalDifferences(
  row: LedgerAttempt & { readonly reversal: ReversalRow },
  input: StoredInput | null,
  programmes: readonly Programme[],
): readonly string[] {
  const { id, atMs: nowMs, answer: stored } = row.reversal;
  const { avantage } = row.attempt;
  const figures = returnedFigures(row, input);
  const receipt = receiptOf(row);
  const each = programmes.map((programme) => {
    const made = { code: "REVERSED", figures, avantage, receipt, programme, nowMs } as const;
    return answerDifferences(stored, reversalAnswer(id, made));
  });
  const [fewest = []] = each.sort((one, other) => one.length - other.length);
  return fewest.map((difference) => `its reversal ${difference}`);
}

/** What was taken comes back, but for what was refunded before. */
function returnedFigures({ entries, refunds }: LedgerAttempt, input: StoredInput | null): Figures {
  const taken = entries.find(({ units }) => units > 0);
  const grant = input?.snapshot.grants.find(({ id }) => id === taken?.grantId);
  if (!taken || !grant || grant.unit === "RECORD" || grant.unit === "UNLIMITED") return {};
  const value = taken.units - refunds.reduce((total, { units }) => total + units, 0);
  return value === 0 ? {} : { returned: { unit: grant.unit, value } };
}
