// The results of what is done with an earlier sale: capture, reversal, refund.

import type { Actor, Amount, AuthorizationAnswer, RetryClass } from "@pass-tpe/protocol";
import type { ResultTexts } from "../sale/results.js";

type ReceiptFields = NonNullable<AuthorizationAnswer["receipt"]>;

/** A part of a sale: cents where the avantage is in euros, else seats or coupons. Without both: all of it. */
export interface PartOfSale {
  readonly amountCents?: number;
  readonly quantity?: number;
}

/** Which sale is refunded, and how much of it: all that can still be given back, unless it says less. */
export interface RefundOptions extends PartOfSale {
  /** The sale's id: of this terminal or of another of the same partner. */
  readonly of: string;
  /** Of an earlier call: the same refund is asked for again, and is never made twice. */
  readonly refundId?: string;
}

/** Why something was not done with a sale. By this call nothing moved. */
export interface AfterSaleDeclined extends ResultTexts {
  readonly outcome: "declined";
  readonly moneyMoved: "no";
  readonly retry: RetryClass;
  readonly retryAfterMs?: number;
  /** Who must act. */
  readonly actor: Actor;
  /** The most that could be captured or given back, where less would do. */
  readonly available?: Amount;
  /** For the integrator's log, in English. */
  readonly detail?: string;
}

/** The result of a reversal that the cashier asked for. */
export type ReversalResult =
  | ReversedSale
  | (ResultTexts & {
      readonly outcome: "declined";
      readonly id: string;
      readonly retry: RetryClass;
      readonly actor: Actor;
    })
  /** No answer: it is reversed by itself; the same reversal may be asked for again, without harm. */
  | (ResultTexts & { readonly outcome: "unknown"; readonly id: string; readonly detail: string });

export interface ReversedSale extends ResultTexts {
  readonly outcome: "reversed";
  readonly id: string;
  /** The gateway's clock, Unix milliseconds. */
  readonly decidedAtMs: number;
  /** Where the journal knows the sale. */
  readonly avantage?: string;
  /** Given back to the avantage. */
  readonly returned?: Amount;
}

export interface CapturedSale extends ResultTexts {
  readonly outcome: "captured";
  readonly moneyMoved: "yes";
  /** The sale's. */
  readonly id: string;
  /** The gateway's clock, Unix milliseconds. */
  readonly decidedAtMs: number;
  readonly avantage?: string;
  /** Taken from the card. */
  readonly amountCents?: number;
  /** Taken from the card, in seats or coupons. */
  readonly quantity?: number;
  /** To be paid by the holder at the till for what was captured. */
  readonly collectCents?: number;
  /** Held and not captured: free again. */
  readonly released?: Amount;
  /** Left on the avantage: for the holder's copy alone. */
  readonly remaining?: Amount;
  readonly receipt?: ReceiptFields;
}

/** No answer. The capture is sent until there is one; `captureDone` or `captureRefused` tells as well. */
export interface UnknownCapture extends ResultTexts {
  readonly outcome: "unknown";
  readonly moneyMoved: "unknown";
  readonly id: string;
  readonly detail: string;
  /** Always resolves; pending when the terminal was closed first: the next run goes on. */
  readonly resolved: Promise<CapturedSale | CaptureDeclined | Pending>;
}

export type CaptureDeclined = AfterSaleDeclined & { readonly id: string };
export type CaptureResult = CapturedSale | CaptureDeclined | UnknownCapture;

export interface RefundedSale extends ResultTexts {
  readonly outcome: "refunded";
  readonly moneyMoved: "yes";
  /** The refund's own. */
  readonly id: string;
  /** The sale. */
  readonly of: string;
  /** The gateway's clock, Unix milliseconds. */
  readonly decidedAtMs: number;
  readonly avantage?: string;
  /** Given back to the avantage that it came from. */
  readonly returned?: Amount;
  /** What of the sale can still be given back. */
  readonly refundable?: Amount;
  /** Last day on which what was given back can be used, Paris civil date; it may be over. */
  readonly usableUntil?: string;
  readonly receipt?: ReceiptFields;
}

/** No answer. The same refund is sent until there is one; `refundDone` or `refundRefused` tells as well. */
export interface UnknownRefund extends ResultTexts {
  readonly outcome: "unknown";
  readonly moneyMoved: "unknown";
  readonly id: string;
  readonly of: string;
  readonly detail: string;
  /** Always resolves; pending when the terminal was closed first: the next run goes on. */
  readonly resolved: Promise<RefundedSale | RefundDeclined | Pending>;
}

/** `id`: the refund's own; of one that waits for its answer, where that is why. Absent when none was begun. */
export type RefundDeclined = AfterSaleDeclined & { readonly id?: string; readonly of: string };
export type RefundResult = RefundedSale | RefundDeclined | UnknownRefund;

/** The terminal was closed first; the request goes on when it is opened again. */
export interface Pending {
  readonly outcome: "pending";
}
