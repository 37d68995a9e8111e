// The results of the terminal's operations: what happened, what people read, and whether money moved.

import type {
  Actor,
  Amount,
  AuthorizationAnswer,
  AvantageView,
  Lines,
  RetryClass,
} from "@pass-tpe/protocol";
import type { GatewayStages } from "../client/server-timing.js";

/** How long each step took, in milliseconds. Steps that did not happen are zero or absent. */
export interface StepTimings {
  /** From arming the readers to the accepted presentation: mostly the holder's own time. */
  readonly readMs: number;
  /** The reader's own share: from the first contact with the card to its evidence. */
  readonly cardMs?: number;
  readonly pinMs?: number;
  /** Making the attempt and its answer durable. */
  readonly journalMs: number;
  /** From the first byte sent to the result, repeats included. */
  readonly networkMs: number;
  /**
   * The gateway's own stages, which `networkMs` includes: waiting for its turn, the decision, making it durable. Of both
   * requests where a tap needed the code secret; what it did not tell is absent.
   */
  readonly gateway?: GatewayStages;
  /** The decision alone: `gateway.decideMs`. */
  readonly decisionMs?: number;
  readonly totalMs: number;
}

/** What people read. */
export interface ResultTexts {
  /** Public result code. One that this version does not know is passed on as it came. */
  readonly code: string;
  /** ISO 8583:1987 field 39, or null for what never goes on a wire. */
  readonly iso39: string | null;
  /** For a till display of 2 × 32, upper-case ASCII. */
  readonly display: Lines;
  /** For 2 × 20. */
  readonly display20: Lines;
  /** For the holder, in French. */
  readonly message: string;
}

/** A result by which nothing was taken. */
export interface Declined extends ResultTexts {
  readonly outcome: "declined";
  readonly moneyMoved: "no";
  /** Absent when the terminal declined by itself and nothing was sent. */
  readonly id?: string;
  /** See {@link ApprovedSale}. */
  readonly stepUpOf?: string;
  /** What may be done next; `isRetryable` says whether the till itself can do it. */
  readonly retry: RetryClass;
  readonly retryAfterMs?: number;
  /** Who must act. */
  readonly actor: Actor;
  /** The gateway's clock, Unix milliseconds; absent when it did not decide. */
  readonly decidedAtMs?: number;
  /** What could still be taken, where another amount would do. */
  readonly available?: Amount;
  /** The other avantages that this card can use here now; `proofRef` takes one without another tap. */
  readonly usableHere?: readonly AvantageView[];
  /** First name and initial, where the card and its holder have proved themselves. */
  readonly holder?: string;
  /** Which case of the code it is, where that helps whoever must act. */
  readonly reason?: string;
  /** Stands for this presentation for a minute: give it to the next `sell`, so that nobody taps twice. */
  readonly proofRef?: string;
  /** When `proofRef` ends, by the gateway's clock: compare it with `decidedAtMs`. */
  readonly proofExpiresAtMs?: number;
  /** For the integrator's log, in English. */
  readonly detail?: string;
  readonly timings: StepTimings;
}

export interface ApprovedSale extends ResultTexts {
  readonly outcome: "approved";
  /** `no` for a use that is only recorded, and for a sale that is only held. */
  readonly moneyMoved: "yes" | "no";
  readonly id: string;
  /** The tap's own request, which was declined, where the code secret had to follow it in this one. */
  readonly stepUpOf?: string;
  readonly actor: Actor;
  readonly avantage: string;
  /** The gateway's clock, Unix milliseconds. */
  readonly decidedAtMs: number;
  /** Only held, and nothing taken: `capture` it before this instant, or `reverse` it; otherwise it lapses. */
  readonly hold?: { readonly expiresAtMs: number };
  /** Taken from the card; held, where there is a `hold`. */
  readonly amountCents?: number;
  /** The same, in seats or coupons. */
  readonly quantity?: number;
  /** Still to be paid by the holder at the till. */
  readonly collectCents?: number;
  /** The declared value of a record: said, not taken. */
  readonly declaredCents?: number;
  /** Left on the avantage: for the holder's copy alone. */
  readonly remaining?: Amount;
  /** First name and initial, to compare with the card's face. */
  readonly holder?: string;
  readonly receipt?: NonNullable<AuthorizationAnswer["receipt"]>;
  readonly proofRef?: string;
  readonly timings: StepTimings;
}

/** Nobody knows whether the sale was decided. It is reversed in any case, even if it turns out to be approved. */
export interface UnknownSale extends ResultTexts {
  readonly outcome: "unknown";
  readonly moneyMoved: "unknown";
  readonly id: string;
  /** See {@link ApprovedSale}. */
  readonly stepUpOf?: string;
  readonly actor: Actor;
  readonly detail: string;
  /** Always resolves: reversed, refused for good, or pending when the terminal was closed first. */
  readonly resolved: Promise<UnknownResolution>;
  readonly timings: StepTimings;
}

export type UnknownResolution =
  | (ResultTexts & { readonly outcome: "reversed"; readonly returned?: Amount })
  /** The gateway refused the reversal for good: a person must settle the sale with the programme. */
  | (ResultTexts & { readonly outcome: "refused" })
  /** The terminal was closed first. The reversal goes on when it is opened again. */
  | { readonly outcome: "pending" };

export type SaleResult = ApprovedSale | Declined | UnknownSale;

export interface AnsweredInquiry extends ResultTexts {
  readonly outcome: "approved";
  readonly moneyMoved: "no";
  readonly id: string;
  readonly actor: Actor;
  /** What the card can use here. */
  readonly avantages: readonly AvantageView[];
  readonly holder?: string;
  readonly proofRef?: string;
  readonly timings: StepTimings;
}

export type InquiryResult = AnsweredInquiry | Declined;
