// The decision of a refund: it gives back a part of what a sale took, never more in all, to the grant it came from.

import { assert } from "./assert.js";
import type { Effect, Figures, Refusal } from "./decision.js";
import { stateAt, wayOf } from "./life.js";
import type { AvantageRule } from "./programme.js";
import { type Asked, amountOf, askedUnits, type SaleFile } from "./sale-file.js";

interface Refunded {
  /** Given back, in the grant's unit. */
  readonly units: number;
  readonly figures: Figures;
  readonly effects: readonly Effect[];
}

/**
 * Decides a refund. It needs no card, and works for blocked cards, suspended avantages and closed windows: what comes
 * back to a grant whose window is over stays there and can be used no more (T-22).
 */
export function refund(input: {
  readonly sale: SaleFile;
  readonly asked: Asked;
  readonly rule: Pick<AvantageRule, "singleUse">;
  readonly nowMs: number;
}): Refunded | { readonly refusal: Refusal } {
  const { sale, asked, rule, nowMs } = input;
  const { grant, hold, taken, returned } = sale;
  const way = wayOf(stateAt(sale.state, hold?.expiresAtMs ?? null, nowMs), "refund");
  assert(way, "a refund can be asked for in every state");
  if ("refused" in way) return { refusal: { code: way.refused } };
  if (grant === null || taken === 0) return { refusal: { code: "NOTHING_TO_REFUND" } };
  const wanted = askedUnits(grant, asked);
  if ("refusal" in wanted) return wanted;
  const refundable = taken - returned;
  const units = wanted.units ?? refundable;
  if (refundable === 0 || units > refundable) {
    const available = amountOf(grant, refundable);
    return { refusal: { code: "REFUND_OVER_CAPTURED", figures: { available } } };
  }
  const { window } = grant;
  const isOver = nowMs >= window.toMs;
  // A pot of single use opens again when all of it is back, and not before (T-25).
  const isClosed = grant.revoked || (rule.singleUse && grant.spent > units);
  return {
    units,
    figures: {
      returned: amountOf(grant, units),
      refundable: amountOf(grant, refundable - units),
      ...(isClosed && !isOver ? {} : { date: window.lastDay }),
      ...(isOver || isClosed ? { notUsable: true } : {}),
    },
    effects: [{ type: "post", grantId: grant.id, units: -units, spentBefore: grant.spent }],
  };
}
