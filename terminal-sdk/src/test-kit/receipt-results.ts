// One result of each kind, for the tests of receipts.

import type { TerminalProfile } from "@pass-tpe/protocol";
import type { CapturedSale, RefundedSale, ReversedSale } from "../after-sale/results.js";
import type { ReceiptKind } from "../receipts/receipt.js";
import type { ReceiptSource } from "../receipts/source.js";
import type { ApprovedSale, Declined } from "../sale/results.js";
import { GATEWAY_NOW_MS, PROFILE } from "./fixtures.js";

export const RECEIPT_PROFILE: TerminalProfile = {
  ...PROFILE,
  receiptHeader: ["Le Théâtre de la Cité", "Guichet", "Lyon"],
  avantages: [
    ...PROFILE.avantages,
    { avantage: "RESTAURATION", label: "Coupon repas", unit: "COUPON" },
    { avantage: "APPRENTI_EQUIPEMENT", label: "Équipement des apprentis", unit: "RECORD" },
  ],
};

export const SALE_ID = "0190163d-8694-739b-aea5-966c26f8ad91";
const REFUND_ID = "0190163e-1111-7222-8333-944444444444";
const TEXTS = {
  code: "APPROVED",
  iso39: "00",
  display: ["L 1", "L 2"],
  display20: ["L 1", "L 2"],
  message: "Message.",
} as const;
const TIMINGS = { readMs: 0, journalMs: 0, networkMs: 0, totalMs: 0 };

const receiptFields = (avantageLabel: string) => {
  return { reference: SALE_ID, avantageLabel, cardLastFour: "0017", channel: "NFC" };
};

const SALE: ApprovedSale = {
  outcome: "approved",
  moneyMoved: "yes",
  id: SALE_ID,
  ...TEXTS,
  actor: "nobody",
  avantage: "SPECTACLE",
  decidedAtMs: GATEWAY_NOW_MS,
  amountCents: 1800,
  collectCents: 0,
  remaining: { unit: "EUR_CENT", value: 1234 },
  holder: "Camille D.",
  receipt: receiptFields("Spectacle"),
  timings: TIMINGS,
};

/** A record takes nothing and leaves nothing. */
function recorded(avantage: string, label: string): ApprovedSale {
  const { amountCents: _, collectCents: __, remaining: ___, ...rest } = SALE;
  return { ...rest, avantage, moneyMoved: "no", receipt: receiptFields(label) };
}

const { collectCents: _, amountCents: __, ...COUNTED } = SALE;

const CAPTURED: CapturedSale = {
  outcome: "captured",
  moneyMoved: "yes",
  id: SALE_ID,
  ...TEXTS,
  avantage: "SPECTACLE",
  decidedAtMs: GATEWAY_NOW_MS,
  amountCents: 1500,
  released: { unit: "EUR_CENT", value: 300 },
  remaining: { unit: "EUR_CENT", value: 1534 },
  receipt: receiptFields("Spectacle"),
};

const REVERSED: ReversedSale = {
  outcome: "reversed",
  id: SALE_ID,
  ...TEXTS,
  avantage: "SPECTACLE",
  decidedAtMs: GATEWAY_NOW_MS,
  returned: { unit: "EUR_CENT", value: 1800 },
};

const REFUNDED: RefundedSale = {
  outcome: "refunded",
  moneyMoved: "yes",
  id: REFUND_ID,
  of: SALE_ID,
  ...TEXTS,
  avantage: "SPECTACLE",
  decidedAtMs: GATEWAY_NOW_MS,
  returned: { unit: "EUR_CENT", value: 500 },
  refundable: { unit: "EUR_CENT", value: 1300 },
  usableUntil: "2024-05-31",
  receipt: receiptFields("Spectacle"),
};

const DECLINED: Declined = {
  outcome: "declined",
  moneyMoved: "no",
  id: SALE_ID,
  ...TEXTS,
  code: "INSUFFICIENT_BALANCE",
  message: "Ton avantage Spectacle n'a plus que 5,00 €.",
  decidedAtMs: GATEWAY_NOW_MS,
  retry: "AMEND",
  actor: "cashier",
  available: { unit: "EUR_CENT", value: 1234 },
  holder: "Camille D.",
  reason: "motive",
  timings: TIMINGS,
};

/** By what each receipt shows. */
export const RESULTS: Readonly<Record<ReceiptKind | "cfa", ReceiptSource>> = {
  sale: SALE,
  partial: { ...SALE, collectCents: 700 },
  seats: {
    ...COUNTED,
    avantage: "CINEMA",
    quantity: 2,
    collectCents: 200,
    remaining: { unit: "SEAT", value: 3 },
    receipt: receiptFields("Cinéma"),
  },
  coupons: {
    ...COUNTED,
    avantage: "RESTAURATION",
    quantity: 1,
    remaining: { unit: "COUPON", value: 0 },
    receipt: receiptFields("Coupon repas"),
  },
  record: recorded("MUSEE", "Musée"),
  cfa: {
    ...recorded("APPRENTI_EQUIPEMENT", "Équipement des apprentis"),
    declaredCents: 45_000,
  },
  held: {
    ...SALE,
    moneyMoved: "no",
    hold: { expiresAtMs: GATEWAY_NOW_MS + 30 * 60 * 1000 },
  },
  captured: CAPTURED,
  reversed: REVERSED,
  refunded: REFUNDED,
  declined: DECLINED,
};
