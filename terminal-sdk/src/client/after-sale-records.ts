// What the gateway's answers to captures and refunds come to in the journal.

import type { CaptureAnswer, RefundAnswer } from "@pass-tpe/protocol";
import type { CapturedRecord, RefundDoneRecord } from "./journal-records.js";
import type { JournalAttempt } from "./journal-state.js";

/** A capture that was made, as the journal keeps it. */
export function capturedRecord(options: {
  id: string;
  atMs: number;
  answer: Pick<CaptureAnswer, "decidedAtMs" | "amountCents" | "quantity" | "collectCents">;
  /** What the journal knows of it. */
  sale: JournalAttempt | undefined;
}): CapturedRecord {
  const { id, atMs, answer, sale } = options;
  const { decidedAtMs } = answer;
  const collectCents = collectCentsOf(answer, sale);
  const collect = collectCents === undefined ? {} : { collectCents };
  return { type: "captured", id, atMs, decidedAtMs, ...partsOf(answer), ...collect };
}

/**
 * What the holder still has to pay at the till after a capture, in cents. The gateway knows it where all that was held
 * is captured; where less is, of a purchase that the hold did not cover whole, the rest of the purchase.
 */
export function collectCentsOf(
  { amountCents, collectCents }: Pick<CaptureAnswer, "amountCents" | "collectCents">,
  sale: JournalAttempt | undefined,
): number | undefined {
  if (collectCents !== undefined || amountCents === undefined) return collectCents;
  const atHold = sale?.answer?.collectCents;
  const purchaseCents = sale?.attempt.purchaseCents;
  if (atHold === undefined || atHold === 0 || purchaseCents === undefined) return atHold;
  return Math.max(purchaseCents - amountCents, 0);
}

/** A refund that was made, as the journal keeps it. */
export function refundDoneRecord(options: {
  atMs: number;
  answer: RefundAnswer;
}): RefundDoneRecord {
  const { atMs, answer } = options;
  const { id, code, decidedAtMs, avantage, returned } = answer;
  return {
    type: "refundDone",
    id,
    atMs,
    decidedAtMs,
    code,
    ...(avantage === undefined ? {} : { avantage }),
    ...(returned === undefined ? {} : { returned }),
  };
}

/** The amount or the quantity, whichever is there. */
export function partsOf(given: {
  readonly amountCents?: number | undefined;
  readonly quantity?: number | undefined;
}): { amountCents?: number; quantity?: number } {
  const { amountCents, quantity } = given;
  return {
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(quantity === undefined ? {} : { quantity }),
  };
}
