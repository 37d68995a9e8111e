// Figures for a scripted code whose test does not care which: every text can be filled, every answer is well formed.

import type { Amount, OutcomeParams, Unit } from "@pass-tpe/protocol";
import type { GatewayCode } from "./codes.js";
import type { Asked } from "./cover.js";

const PURCHASE_CENTS = 1_000;
const COPAY_CENTS_PER_SEAT = 100;
const DATE_AHEAD_MS = 30 * 24 * 3_600_000;

/** For texts alone: they stand in no field of an answer. */
function textsOnly(nowMs: number): OutcomeParams {
  return {
    triesLeft: 2,
    date: new Date(nowMs + DATE_AHEAD_MS).toISOString().slice(0, 10),
    maxCents: 5_000,
    accountUrl: "https://pass.example/compte",
  };
}

/** The figures that go with a code, taken from the request where it has them. */
export function standIns(options: {
  code: GatewayCode;
  asked: Asked;
  avantageLabel: string;
  /** What it is about is counted in. */
  unit: Unit;
  nowMs: number;
}): OutcomeParams {
  const { code, asked, avantageLabel, unit, nowMs } = options;
  return {
    ...textsOnly(nowMs),
    avantageLabel,
    ...figures(code, asked),
    ...afterSaleFigures(code, amountOf(asked, unit)),
  };
}

/** What the request asks for, in the unit. */
function amountOf({ purchaseCents = PURCHASE_CENTS, quantity = 1 }: Asked, unit: Unit): Amount {
  return unit === "SEAT" || unit === "COUPON"
    ? { unit, value: quantity }
    : { unit: "EUR_CENT", value: purchaseCents };
}

function afterSaleFigures(code: GatewayCode, asked: Amount): OutcomeParams {
  const { unit, value } = asked;
  const less = { unit, value: Math.floor(value / 2) };
  switch (code) {
    case "APPROVED_HELD": {
      const taken = unit === "EUR_CENT" ? { amountCents: value } : { quantity: value };
      return { ...taken, collectCents: 0, taken: asked, remaining: less };
    }
    case "CAPTURED":
      return { taken: asked, remaining: less };
    case "REFUNDED":
      return { returned: asked };
    case "CAPTURE_OVER_HOLD":
    case "REFUND_OVER_CAPTURED":
      return { remaining: less };
    default:
      return {};
  }
}

function figures(code: GatewayCode, asked: Asked): OutcomeParams {
  const { purchaseCents = PURCHASE_CENTS, quantity = 1 } = asked;
  switch (code) {
    case "APPROVED": {
      const remaining = { unit: "EUR_CENT", value: PURCHASE_CENTS } as const;
      return { amountCents: purchaseCents, collectCents: 0, remaining };
    }
    case "APPROVED_PARTIAL": {
      const amountCents = Math.floor(purchaseCents / 2);
      const remaining = { unit: "EUR_CENT", value: 0 } as const;
      return { amountCents, collectCents: purchaseCents - amountCents, remaining };
    }
    case "APPROVED_SEATS": {
      const remaining = { unit: "SEAT", value: 1 } as const;
      return { quantity, collectCents: quantity * COPAY_CENTS_PER_SEAT, remaining };
    }
    case "APPROVED_COUPONS":
      return { quantity, collectCents: 0, remaining: { unit: "COUPON", value: 1 } };
    case "BALANCE_EXHAUSTED":
      return { remaining: { unit: "EUR_CENT", value: 0 } };
    case "SEATS_EXHAUSTED":
      return { remaining: { unit: "SEAT", value: Math.max(0, quantity - 1) } };
    case "COUPONS_EXHAUSTED":
      return { remaining: { unit: "COUPON", value: Math.max(0, quantity - 1) } };
    case "INSUFFICIENT_BALANCE":
      return { remaining: { unit: "EUR_CENT", value: Math.floor(purchaseCents / 2) } };
    default:
      return {};
  }
}
