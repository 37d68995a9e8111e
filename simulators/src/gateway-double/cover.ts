// What the double decides by itself: form of amount and quantity, then as much as the balance covers.

import {
  isPurchaseCents,
  type OutcomeParams,
  type PublicCode,
  QUANTITY_MAX,
} from "@pass-tpe/protocol";
import type { Debit, DoubleAvantage } from "./avantages.js";

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
      if (quantity === undefined || quantity < 1 || quantity > QUANTITY_MAX) {
        return "QUANTITY_INVALID";
      }
      return isFundable(purchaseCents, quantity * avantage.copayCentsPerUnit)
        ? null
        : "AMOUNT_INVALID";
    case "RECORD":
      if (purchaseCents !== undefined) return "AMOUNT_INVALID";
      return quantity === undefined ? null : "QUANTITY_INVALID";
  }
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
      return coverSeats(options, {
        quantity: asked.quantity ?? 0,
        copayCentsPerUnit: avantage.copayCentsPerUnit,
      });
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

function coverSeats(
  { avantage, balance }: Purse,
  { quantity, copayCentsPerUnit }: { quantity: number; copayCentsPerUnit: number },
): Verdict {
  const unit = "SEAT";
  const common = { avantageLabel: avantage.label };
  if (quantity > balance) {
    const params = { ...common, remaining: { unit, value: balance } } as const;
    return { code: "SEATS_EXHAUSTED", params, debit: null };
  }
  const collectCents = quantity * copayCentsPerUnit;
  const remaining = { unit, value: balance - quantity } as const;
  return {
    code: "APPROVED_SEATS",
    params: { ...common, quantity, collectCents, remaining },
    debit: { avantage: avantage.avantage, unit, value: quantity },
  };
}
