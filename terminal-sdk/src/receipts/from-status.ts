// From the gateway's record of a sale to what its receipt is made of: for a duplicate, when the result itself is lost.

import type {
  AuthorizationAnswer,
  CaptureAnswer,
  RefundAnswer,
  ReversalAnswer,
  StatusAnswer,
} from "@pass-tpe/protocol";
import { invalid } from "../given.js";
import { movedBy } from "../sale/texts.js";
import type { ReceiptSource } from "./source.js";

/**
 * What has last become of a sale, or the refund that is meant.
 *
 * @param options.refundId one of the sale's refunds; without it the sale itself is meant.
 * @throws PassTpeError `OPTIONS_INVALID` where the record has no such refund, or nothing that a receipt could say.
 */
export function sourceOfStatus(options: {
  status: StatusAnswer;
  refundId: string | undefined;
}): ReceiptSource {
  const { status, refundId } = options;
  const { answer, capture, reversal, refunds = [] } = status;
  if (refundId !== undefined) {
    const refund = refunds.find(({ id, outcome }) => id === refundId && outcome === "approved");
    if (refund === undefined) throw invalid("refundId must be one of the refunds in the status");
    return refunded(refund);
  }
  if (reversal?.outcome === "approved") return reversed(reversal, answer);
  if (answer === undefined) throw invalid("result must be a status with the answer to the sale");
  if (answer.outcome === "declined") return declined(answer);
  return capture?.outcome === "approved" ? captured(capture, answer) : approved(answer);
}

function refunded(refund: RefundAnswer): ReceiptSource {
  const { outcome: _, ...said } = refund;
  return { outcome: "refunded", moneyMoved: "yes", ...present(said) };
}

function reversed(
  { id, decidedAtMs, returned }: ReversalAnswer,
  answer: AuthorizationAnswer | undefined,
): ReceiptSource {
  const avantage = answer?.avantage;
  return { outcome: "reversed", ...present({ id, decidedAtMs, returned, avantage }) };
}

/** What the hold left to collect is still to be collected where all of it was captured. */
function captured(
  capture: CaptureAnswer,
  { collectCents: atHold }: AuthorizationAnswer,
): ReceiptSource {
  const { outcome: _, ...said } = capture;
  const { collectCents = capture.released === undefined ? atHold : undefined } = capture;
  return { outcome: "captured", moneyMoved: "yes", ...present({ ...said, collectCents }) };
}

function approved(answer: AuthorizationAnswer): ReceiptSource {
  const { holdExpiresAtMs: expiresAtMs, outcome: _, ...said } = answer;
  const hold = expiresAtMs === undefined ? undefined : { expiresAtMs };
  const moneyMoved = hold === undefined ? movedBy(answer.code) : "no";
  return { outcome: "approved", moneyMoved, ...present({ ...said, hold }) };
}

function declined({ id, decidedAtMs }: AuthorizationAnswer): ReceiptSource {
  return { outcome: "declined", moneyMoved: "no", id, decidedAtMs };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the fields that are undefined: the protocol's types allow them, the results' do not. */
function present<T extends object>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}
