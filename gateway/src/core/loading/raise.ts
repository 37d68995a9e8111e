// Topping a grant up: to the higher total, never by a sum on top (T-31), and never down (T-47).

import { assert } from "../assert.js";
import type { Amounts } from "../entitlement/amounts.js";
import type { Grant } from "../model.js";

/** What can be drawn at a partner with the supplement's flag. */
export function totalOf({ amount, supplement }: Pick<Amounts, "amount" | "supplement">): number {
  return amount + (supplement?.amount ?? 0);
}

/**
 * A grant's amounts after a new reckoning: at every partner, and at one with the flag, the higher of both. Null when that
 * is what it has. A raised amount uses up the supplement that it reaches (T-23: 6000, not 9000).
 */
export function raisedAmounts(existing: Grant, computed: Amounts): Amounts | null {
  const amount = Math.max(existing.amount, computed.amount);
  const total = Math.max(totalOf(existing), totalOf(computed));
  if (amount === existing.amount && total === totalOf(existing)) return null;
  const rule = computed.amount > existing.amount ? computed.rule : existing.rule;
  if (total === amount) return { amount, supplement: null, rule };
  const { supplement } = totalOf(computed) === total ? computed : existing;
  assert(supplement !== null, "a total above the amount has a supplement");
  const { partnerFlag } = supplement;
  return { amount, supplement: { amount: total - amount, partnerFlag }, rule };
}
