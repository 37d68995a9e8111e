// From a commitment and its proofs to what it gives, for avantages with a window of their own (droits et devoirs).

import type { AvantageRule, Programme, Window } from "../programme.js";
import { type Amounts, highestAmounts } from "./amounts.js";
import type { Calendar } from "./calendar.js";
import { type Fulfilment, missingProofs, rewards } from "./criteria.js";

export interface Reward extends Amounts {
  readonly avantage: AvantageRule;
  /** From now on, for the avantage's number of months (T-07). */
  readonly window: Window;
}

/** `missing`: the proofs that were not shown, of the rule that lacks the fewest. */
type Rewarded =
  | { readonly rewards: readonly Reward[] }
  | { readonly missing: readonly string[] }
  | "NOTHING_FOR_IT";

/** What a commitment gives, by rules that ask for it and whose proofs are all there (T-39). */
export function rewardsOf(input: {
  readonly programme: Pick<Programme, "avantages">;
  readonly fulfilment: Fulfilment;
  readonly nowMs: number;
  readonly calendar: Calendar;
}): Rewarded {
  const { programme, fulfilment } = input;
  const all = [...programme.avantages.values()].flatMap((avantage) => {
    const rules = avantage.grants.filter(({ when }) => rewards(when, fulfilment.commitment));
    const { validMonths } = avantage;
    return validMonths === null || rules.length === 0 ? [] : [{ avantage, validMonths, rules }];
  });
  if (all.length === 0) return "NOTHING_FOR_IT";
  const given = all.flatMap(({ avantage, validMonths, rules }) => {
    const proven = rules.filter(({ when }) => missingProofs(when, fulfilment.proofs).length === 0);
    const amounts = highestAmounts(avantage, proven);
    if (amounts === null) return [];
    const window = input.calendar.windowOfMonths(input.nowMs, validMonths);
    return [{ ...amounts, avantage, window }];
  });
  if (given.length > 0) return { rewards: given };
  const [fewest] = all
    .flatMap(({ rules }) => rules)
    .map(({ when }) => missingProofs(when, fulfilment.proofs))
    .filter((missing) => missing.length > 0)
    .sort((a, b) => a.length - b.length);
  return fewest === undefined ? "NOTHING_FOR_IT" : { missing: fewest };
}
