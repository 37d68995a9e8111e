// How much the rules that hold give together: the highest of them, never their sum.

import { isRecordOnly } from "../grants.js";
import type { Supplement } from "../model.js";
import type { AvantageRule, GrantRule } from "../programme.js";

export interface Amounts {
  /** In the avantage's unit. */
  readonly amount: number;
  readonly supplement: Supplement | null;
  /** The id of the rule that gives the amount. */
  readonly rule: string;
}

/** A rule whose amount the catalogue says itself, not the formation. */
type Fixed = GrantRule & { readonly amount: number };

const isFixed = (rule: GrantRule): rule is Fixed => rule.amount !== null;

/**
 * The highest amount among the rules that hold (T-31, T-48), and beside it what only a partner with a flag can draw
 * (T-23). Null where no rule gives an amount at every partner.
 */
export function highestAmounts(rule: AvantageRule, holding: readonly GrantRule[]): Amounts | null {
  const fixed = holding.filter(isFixed);
  const base = highest(fixed.filter(({ onlyAt }) => onlyAt === null));
  if (base === null) return null;
  if (isRecordOnly(rule)) return { amount: 0, supplement: null, rule: base.id };
  const atSome = highest(fixed.filter(({ onlyAt }) => onlyAt !== null));
  return { amount: base.amount, supplement: supplementOver(base, atSome), rule: base.id };
}

function supplementOver(base: Fixed, atSome: Fixed | null): Supplement | null {
  if (atSome === null || atSome.onlyAt === null || atSome.amount <= base.amount) return null;
  return { amount: atSome.amount - base.amount, partnerFlag: atSome.onlyAt };
}

/** The first of the highest, in the catalogue's order. */
function highest(rules: readonly Fixed[]): Fixed | null {
  return rules.reduce<Fixed | null>(
    (best, rule) => (best === null || rule.amount > best.amount ? rule : best),
    null,
  );
}
