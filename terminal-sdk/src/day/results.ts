// A till's day: what the journal comes to, what the gateway has, and each difference with what is to be done.

import type { TillTotal, Unit } from "@pass-tpe/protocol";

/** One avantage of the day. Values are in its unit; zero for what is only recorded. */
export interface DayTotal extends TillTotal {
  readonly unit: Unit;
}

/** The day as this terminal's journal knows it. */
export interface DayTotals {
  /** Paris civil date. A sale counts on the day on which the gateway decided it; a held one, when it was captured. */
  readonly day: string;
  readonly totals: readonly DayTotal[];
}

/** What follows from a difference. */
export type Resolution =
  /** It is in the gateway's books and undone in both: nothing remains of it. */
  | "SETTLED"
  /** Both have it; the terminal, for want of the gateway's time, on another day. */
  | "OTHER_DAY"
  /** The terminal knows that this sale must not stand; its reversal is being sent. */
  | "REVERSAL_OWED"
  /** The terminal has begun this capture; it is being sent. */
  | "CAPTURE_OWED"
  /** The terminal has begun this refund; it is being sent. */
  | "REFUND_OWED"
  /** The gateway approved what the till was told to be declined: it is reversed from now on. */
  | "REVERSE"
  /** Somebody else did it, such as the operator: the terminal has noted it now. */
  | "ACKNOWLEDGE"
  /** A sale without an answer, which the gateway would not reverse: call support. */
  | "REVERSAL_REFUSED"
  /** The terminal's journal has it and the gateway has not: call support. */
  | "NOT_AT_GATEWAY"
  /** Both have it, with different amounts or avantages: call support. */
  | "AMOUNT_DIFFERS"
  /** The journal was lost, or another device uses this terminal's identity: call support. */
  | "NOT_IN_JOURNAL";

/** What one side has of a move. */
export interface MoveSeen {
  readonly avantage: string;
  readonly unit: string;
  readonly value: number;
  readonly atMs: number;
}

export interface DayDifference {
  readonly kind: "sale" | "reversal" | "refund";
  readonly saleId: string;
  /** Of a refund. */
  readonly refundId?: string;
  readonly terminal: MoveSeen | null;
  readonly gateway: MoveSeen | null;
  readonly resolution: Resolution;
  /** For the merchant, in French. */
  readonly words: string;
}

export interface DayReconciliation {
  readonly day: string;
  readonly terminalId: string;
  /** False where the gateway did not answer: then only the terminal's side is known. */
  readonly compared: boolean;
  /** Whether the totals are the same. */
  readonly agreed: boolean;
  /** Whether nobody has to do anything: the totals are the same, or what differs is settled. */
  readonly concordant: boolean;
  /** After what the comparison noted. */
  readonly terminal: readonly DayTotal[];
  readonly gateway: readonly TillTotal[];
  /** Authorizations of this terminal that wait for their capture now. */
  readonly held: number;
  readonly differences: readonly DayDifference[];
}

/** What is still being sent to the gateway. */
export interface OwedCounts {
  readonly reversals: number;
  readonly captures: number;
  readonly refunds: number;
}

/** What the closing of a day comes to. */
export interface DayFigures {
  readonly reconciliation: DayReconciliation;
  readonly owed: OwedCounts;
  /** Sales less reversals and refunds, of the avantages in euros: what is to be reimbursed, in cents. Can be negative. */
  readonly netCents: number;
}
