// Whether amount and quantity have the form that the avantage's unit asks for, before any holder is looked at.

import { isPurchaseCents, QUANTITY_MAX } from "@pass-tpe/protocol";
import type { Refusal } from "./decision.js";
import { isRecordOnly } from "./grants.js";
import type { AvantageRule } from "./programme.js";

interface Asked {
  readonly purchaseCents: number | null;
  readonly quantity: number | null;
}

/** The form of a request; the first thing that is wrong with it. */
export function checkForm(rule: AvantageRule, asked: Asked): Refusal | null {
  if (isRecordOnly(rule)) return checkRecord(rule, asked);
  return rule.unit === "EUR_CENT" ? checkEuros(rule, asked) : checkCount(rule, asked);
}

/** Nothing is taken: no quantity, and an amount only where a value is declared. */
function checkRecord(rule: AvantageRule, { purchaseCents, quantity }: Asked): Refusal | null {
  const declares = rule.declaredValue && purchaseCents !== null && isPurchaseCents(purchaseCents);
  if (purchaseCents !== null && !declares) return { code: "AMOUNT_INVALID" };
  return quantity === null ? null : { code: "QUANTITY_INVALID" };
}

function checkEuros(rule: AvantageRule, { purchaseCents, quantity }: Asked): Refusal | null {
  if (purchaseCents === null || !isPurchaseCents(purchaseCents)) return { code: "AMOUNT_INVALID" };
  const { purchaseCentsMax: maxCents } = rule;
  if (maxCents !== null && purchaseCents > maxCents) {
    return { code: "AMOUNT_OVER_LIMIT", figures: { maxCents } };
  }
  return checkIndividual(rule, quantity);
}

/** A quantity has no meaning on an avantage in euros; above one on an individual aid it would be a group (T-34). */
function checkIndividual(rule: AvantageRule, quantity: number | null): Refusal | null {
  if (quantity === null || (rule.individual && quantity === 1)) return null;
  return {
    code: rule.individual && quantity > 1 ? "COLLECTIVE_USE_FORBIDDEN" : "QUANTITY_INVALID",
  };
}

function checkCount(rule: AvantageRule, { purchaseCents, quantity }: Asked): Refusal | null {
  if (purchaseCents !== null) {
    // A declared public price must leave something to fund beyond what the young person pays (T-29).
    const copayCents = Math.max(0, quantity ?? 0) * rule.copayCentsPerUnit;
    const fundable = isPurchaseCents(purchaseCents) && purchaseCents > copayCents;
    if (!fundable) return { code: "AMOUNT_INVALID" };
  }
  const most = rule.unitsPerSaleMax ?? QUANTITY_MAX;
  const isCount = quantity !== null && quantity >= 1 && quantity <= most;
  return isCount ? null : { code: "QUANTITY_INVALID" };
}
