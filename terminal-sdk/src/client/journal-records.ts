// What the journal's records say: each is one fact that must outlive a power cut.

import type { Amount } from "@pass-tpe/protocol";

interface Fact<Type extends string> {
  readonly type: Type;
  /** Of the sale; for a refund's records, the refund's own; for `terminal`, the terminal's. */
  readonly id: string;
  /** The terminal's clock, Unix milliseconds. */
  readonly atMs: number;
}

/** What was taken, held or asked for: in cents or in pieces. */
interface Parts {
  readonly amountCents?: number;
  readonly quantity?: number;
}

/** The gateway's clock, which decides on which day it counts. Absent in what an earlier version wrote. */
interface Decided {
  readonly decidedAtMs?: number;
}

/** Whose journal this is: `id` is the terminal's identity, as its certificate says it. */
export interface TerminalRecord extends Fact<"terminal"> {}

/** A sale is about to be sent. */
export interface AttemptRecord extends Fact<"attempt"> {
  readonly avantage: string;
  readonly purchaseCents?: number;
  readonly quantity?: number;
}

/** Its result is known. */
export interface AnswerRecord extends Fact<"answer">, Parts, Decided {
  readonly outcome: "approved" | "declined";
  readonly code: string;
  readonly collectCents?: number;
  /** What the avantage is counted in. */
  readonly unit?: string;
  /** It is held and not taken; from then on it is free again. */
  readonly holdExpiresAtMs?: number;
}

/** A capture is about to be sent; it is sent until the gateway has answered. */
export interface CaptureOwedRecord extends Fact<"captureOwed">, Parts {}

/** What was held has been taken, in whole or in part. */
export interface CapturedRecord extends Fact<"captured">, Parts, Decided {
  readonly collectCents?: number;
}

/** The sale must not stand; it is reversed until the gateway says so. */
export interface ReversalOwedRecord extends Fact<"reversalOwed"> {
  /** `manual`: a cashier's wish, which the gateway refuses after the settlement. Without it: `automatic`. */
  readonly reason?: "manual" | "automatic";
}

export interface ReversalDoneRecord extends Fact<"reversalDone">, Decided {
  /** Given back to the grant, in its unit. */
  readonly returnedValue?: number;
}

/** A refund is about to be sent; it is sent until the gateway has answered. Its sale may be another till's. */
export interface RefundOwedRecord extends Fact<"refundOwed">, Parts {
  /** The sale. */
  readonly of: string;
}

export interface RefundDoneRecord extends Fact<"refundDone">, Decided {
  readonly code: string;
  readonly avantage?: string;
  /** Given back to the grant. */
  readonly returned?: Amount;
}

/** What the journal knows. Never evidence, a card number or a PIN block. */
export type JournalRecord =
  | TerminalRecord
  | AttemptRecord
  | AnswerRecord
  /** The till has taken note of the approval, or of the refund. */
  | Fact<"acknowledged">
  | CaptureOwedRecord
  | CapturedRecord
  /** The gateway did not make the capture: nothing is owed any more. */
  | Fact<"captureRefused">
  /** It was held and never captured: nothing was taken. */
  | Fact<"holdExpired">
  | ReversalOwedRecord
  | ReversalDoneRecord
  /** The gateway refused the reversal for good, or it was not made after all: nothing is owed any more. */
  | Fact<"reversalRefused">
  | RefundOwedRecord
  | RefundDoneRecord
  /** The gateway did not make the refund: nothing is owed any more. */
  | Fact<"refundRefused">;

const KNOWN: Readonly<Record<JournalRecord["type"], true>> = {
  terminal: true,
  attempt: true,
  answer: true,
  acknowledged: true,
  captureOwed: true,
  captured: true,
  captureRefused: true,
  holdExpired: true,
  reversalOwed: true,
  reversalDone: true,
  reversalRefused: true,
  refundOwed: true,
  refundDone: true,
  refundRefused: true,
};

/** Whether this version knows records of a type. */
export function isRecordType(type: string): boolean {
  return Object.hasOwn(KNOWN, type);
}
