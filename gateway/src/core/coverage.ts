// How much of a purchase a grant covers: what is taken, what is left to collect, what remains.

import type { Amount } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import type { Figures, Refusal } from "./decision.js";
import { availableUnits, isRecordOnly } from "./grants.js";
import type { Grant, Partner } from "./model.js";
import type { AvantageRule } from "./programme.js";

interface CoverageInput {
  readonly rule: AvantageRule;
  readonly grant: Grant;
  /** Where it is used: a supplement is for partners that carry its flag. */
  readonly partner: Pick<Partner, "flags">;
  /** What holds keep of the grant now, in its unit. */
  readonly held: number;
  readonly purchaseCents: number | null;
  readonly quantity: number | null;
  /** Refuse instead of covering a part. */
  readonly exact: boolean;
}

export type Coverage =
  | { readonly units: number; readonly figures: Figures }
  | { readonly refusal: Refusal };

/** What is left on a grant, with its unit; null for units without a counter. */
export function remainingOf(rule: AvantageRule, value: number): Amount | null {
  return rule.unit === "RECORD" || rule.unit === "UNLIMITED" ? null : { unit: rule.unit, value };
}

/**
 * Debit = min(purchase, available) in euros (T-20); whole seats or coupons, never a part of the number asked.
 * The form of amount and quantity has been checked before.
 */
export function cover(input: CoverageInput): Coverage {
  const { rule, grant, held } = input;
  if (isRecordOnly(rule)) return { units: 0, figures: {} };
  if (rule.singleUse && grant.spent + held > 0) {
    return { refusal: { code: "ALREADY_USED", ...(grant.spent > 0 ? {} : HELD) } };
  }
  return rule.unit === "EUR_CENT" ? coverEuros(input) : coverCount(input);
}

/** Another sale holds it, and may let go of it: nothing is used up yet. */
const HELD: Pick<Refusal, "reason"> = { reason: "HELD" };

function coverEuros(input: CoverageInput): Coverage {
  const { rule, grant, partner, held, purchaseCents, exact } = input;
  assert(purchaseCents !== null, "an amount in euros was checked before");
  const available = availableUnits(rule, grant, partner, held);
  const figures: Figures = { available: { unit: "EUR_CENT", value: available } };
  if (available === 0) {
    return { refusal: { code: "BALANCE_EXHAUSTED", figures, ...(held > 0 ? HELD : {}) } };
  }
  if (exact && purchaseCents > available) {
    return { refusal: { code: "INSUFFICIENT_BALANCE", figures } };
  }
  const units = Math.min(purchaseCents, available);
  const left = rule.singleUse ? 0 : available - units;
  return {
    units,
    figures: {
      amountCents: units,
      collectCents: purchaseCents - units,
      remaining: { unit: "EUR_CENT", value: left },
    },
  };
}

function coverCount({ rule, grant, partner, held, quantity }: CoverageInput): Coverage {
  assert(quantity !== null, "a quantity was checked before");
  const available = availableUnits(rule, grant, partner, held);
  const left = remainingOf(rule, available);
  assert(left !== null, "a counted unit has a remainder");
  if (quantity > available) {
    const code = rule.unit === "SEAT" ? "SEATS_EXHAUSTED" : "COUPONS_EXHAUSTED";
    return { refusal: { code, figures: { available: left }, ...(held > 0 ? HELD : {}) } };
  }
  return {
    units: quantity,
    figures: {
      quantity,
      collectCents: quantity * rule.copayCentsPerUnit,
      remaining: { ...left, value: available - quantity },
    },
  };
}
