// What the double decides by itself: form of amount and quantity, then as much as the balance covers.

import {
  isPurchaseCents,
  type OutcomeParams,
  type PublicCode,
  QUANTITY_MAX,
} from "@pass-tpe/protocol";
import { copayOf, type Debit, type DoubleAvantage } from "./avantages.js";

/** A decision before it has texts: its code, the figures that go with it, and what it takes. */
export interface Verdict {
  readonly code: PublicCode;
  readonly params: OutcomeParams;
  readonly debit: Debit | null;
}

export interface Asked {
  readonly purchaseCents?: number | undefined;
  readonly quantity?: number | undefined;
  readonly exact?: boolean | undefined;
}

/** The code that refuses amount or quantity, or null. */
export function checkForm(avantage: DoubleAvantage, asked: Asked): PublicCode | null {
  const { purchaseCents, quantity } = asked;
  switch (avantage.unit) {
    case "EUR_CENT":
      if (purchaseCents === undefined || !isPurchaseCents(purchaseCents)) return "AMOUNT_INVALID";
      return quantity === undefined ? null : "QUANTITY_INVALID";
    case "SEAT":
    case "COUPON":
      return checkCount(asked, copayOf(avantage));
    case "RECORD":
      if (purchaseCents !== undefined) return "AMOUNT_INVALID";
      return quantity === undefined ? null : "QUANTITY_INVALID";
  }
}

/** Amount before quantity, as the gateway has it. */
function checkCount({ purchaseCents, quantity }: Asked, copayCents: number): PublicCode | null {
  if (!isFundable(purchaseCents, Math.max(0, quantity ?? 0) * copayCents)) return "AMOUNT_INVALID";
  const isCount = quantity !== undefined && quantity >= 1 && quantity <= QUANTITY_MAX;
  return isCount ? null : "QUANTITY_INVALID";
}

/** A price that is told must leave something to fund beyond the holder's own share. */
function isFundable(purchaseCents: number | undefined, copayCents: number): boolean {
  if (purchaseCents === undefined) return true;
  return isPurchaseCents(purchaseCents) && purchaseCents > copayCents;
}

/** Covers a purchase of good form from a balance. */
export function cover(options: {
  avantage: DoubleAvantage;
  balance: number;
  asked: Asked;
}): Verdict {
  const { avantage, asked } = options;
  switch (avantage.unit) {
    case "EUR_CENT":
      return coverEuros(options, asked.purchaseCents ?? 0);
    case "SEAT":
      return coverCount(options, { unit: "SEAT", quantity: asked.quantity ?? 0 });
    case "COUPON":
      return coverCount(options, { unit: "COUPON", quantity: asked.quantity ?? 0 });
    case "RECORD":
      return { code: "APPROVED_RECORD", params: { avantageLabel: avantage.label }, debit: null };
  }
}

interface Purse {
  readonly avantage: DoubleAvantage;
  readonly balance: number;
  readonly asked: Asked;
}

function coverEuros({ avantage, balance, asked }: Purse, purchaseCents: number): Verdict {
  const unit = "EUR_CENT";
  const common = { avantageLabel: avantage.label };
  const left = { ...common, remaining: { unit, value: balance } } as const;
  if (balance === 0) return { code: "BALANCE_EXHAUSTED", params: left, debit: null };
  if (asked.exact === true && purchaseCents > balance) {
    return { code: "INSUFFICIENT_BALANCE", params: left, debit: null };
  }
  const amountCents = Math.min(purchaseCents, balance);
  const collectCents = purchaseCents - amountCents;
  const remaining = { unit, value: balance - amountCents } as const;
  return {
    code: collectCents === 0 ? "APPROVED" : "APPROVED_PARTIAL",
    params: { ...common, amountCents, collectCents, remaining },
    debit: { avantage: avantage.avantage, unit, value: amountCents },
  };
}

const COUNTED = {
  SEAT: { taken: "APPROVED_SEATS", tooFew: "SEATS_EXHAUSTED" },
  COUPON: { taken: "APPROVED_COUPONS", tooFew: "COUPONS_EXHAUSTED" },
} as const;

function coverCount(
  { avantage, balance }: Purse,
  { unit, quantity }: { unit: keyof typeof COUNTED; quantity: number },
): Verdict {
  const { taken, tooFew } = COUNTED[unit];
  const common = { avantageLabel: avantage.label };
  if (quantity > balance) {
    const params = { ...common, remaining: { unit, value: balance } };
    return { code: tooFew, params, debit: null };
  }
  const collectCents = quantity * copayOf(avantage);
  const remaining = { unit, value: balance - quantity };
  return {
    code: taken,
    params: { ...common, quantity, collectCents, remaining },
    debit: { avantage: avantage.avantage, unit, value: quantity },
  };
}
