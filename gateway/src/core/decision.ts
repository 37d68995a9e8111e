// What a decision is: a code with its figures, and the effects that the store applies, all of them or none.

import type { Amount, AvantageView, Channel, OutcomeCode } from "@pass-tpe/protocol";
import type { DayTotal } from "./model.js";

/** What is asked, without the evidence: that has become facts. */
export interface SaleRequest {
  readonly kind: "authorization";
  readonly id: string;
  readonly avantage: string;
  readonly purchaseCents: number | null;
  readonly quantity: number | null;
  readonly exact: boolean;
  /** False: what is covered is held until a capture; true: it is taken at once. */
  readonly capture: boolean;
  /** The tap that this sale adds the code secret to; absent where it adds none. */
  readonly stepUpOf?: string;
  /** How long the request has waited at the gateway, and how long the terminal gave it. */
  readonly waitedMs: number;
  readonly deadlineMs: number;
  /** The reference that a proof would get, drawn outside the core. */
  readonly proofRef: string;
}

export interface InquiryRequest {
  readonly kind: "inquiry";
  readonly id: string;
  readonly avantage: string | null;
  readonly purchaseCents: number | null;
  readonly quantity: number | null;
  readonly waitedMs: number;
  readonly deadlineMs: number;
  readonly proofRef: string;
}

export type Request = SaleRequest | InquiryRequest;

/** A change that goes with the answer. Each names what it expects to find, so that a stale read is a loud bug. */
export type Effect =
  | {
      readonly type: "advanceCardCounter";
      readonly cardId: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly type: "advanceKsn";
      readonly terminalId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: "consumeAppCode"; readonly key: string; readonly expiresAtMs: number }
  | {
      readonly type: "setPinFailures";
      readonly cardId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: "consumeProof"; readonly ref: string }
  | {
      readonly type: "issueProof";
      readonly ref: string;
      readonly terminalId: string;
      readonly cardId: string;
      readonly channel: Channel;
      readonly expiresAtMs: number;
    }
  | {
      /** Positive units are taken from the grant, negative ones given back. */
      readonly type: "post";
      readonly grantId: string;
      readonly units: number;
      readonly spentBefore: number;
    }
  | {
      /** Keeps units of a grant for this authorization. */
      readonly type: "placeHold";
      readonly grantId: string;
      readonly units: number;
      readonly expiresAtMs: number;
    }
  | {
      /** Ends a hold, of this authorization or of an earlier one that has expired. */
      readonly type: "endHold";
      readonly terminalId: string;
      readonly attemptId: string;
      readonly grantId: string;
      readonly units: number;
      readonly as: "captured" | "reversed" | "expired";
    }
  | {
      /** A visit, by which the same card at the same door is known within a minute. */
      readonly type: "recordVisit";
      readonly accountId: string;
      readonly pointOfSaleId: string;
      readonly avantage: string;
    }
  | {
      /** The visit that a reversed sale recorded, where it is still the last one. */
      readonly type: "forgetVisit";
      readonly accountId: string;
    }
  | {
      /** What taps of one day have taken without a PIN. */
      readonly type: "noteTap";
      readonly cardId: string;
      readonly from: DayTotal | null;
      readonly to: DayTotal;
    }
  | {
      readonly type: "markDecided";
      readonly accountId: string;
      readonly from: number;
      readonly to: number;
    };

/** The figures of an outcome, for the answer and the texts. */
export interface Figures {
  readonly amountCents?: number;
  readonly quantity?: number;
  readonly collectCents?: number;
  readonly remaining?: Amount;
  readonly available?: Amount;
  readonly returned?: Amount;
  /** What a hold keeps, or a capture took. */
  readonly taken?: Amount;
  /** What a capture let go of. */
  readonly released?: Amount;
  /** What of a sale can still be given back. */
  readonly refundable?: Amount;
  /** What was given back can be used no more: its window is over. */
  readonly notUsable?: boolean;
  readonly holdExpiresAtMs?: number;
  /** Paris civil date for texts: opening day, or last day of use. */
  readonly date?: string;
  readonly triesLeft?: number;
  /** The ceiling that the purchase exceeds. */
  readonly maxCents?: number;
  /** The value that a record declares. */
  readonly declaredCents?: number;
  readonly retryAfterMs?: number;
}

export interface Decided {
  readonly code: OutcomeCode;
  readonly approved: boolean;
  readonly figures: Figures;
  /** Whether the card proved itself (and its holder, where asked): only then may anything personal be said. */
  readonly credentialPassed: boolean;
  readonly channel: Channel | null;
  /** Set when the answer carries a reference to this presentation. */
  readonly proofRef: string | null;
  /** What can be used here: the answer of an inquiry, or the other ways after a decline. */
  readonly avantages: readonly AvantageView[];
  /** Which case of the code, where that helps to act. */
  readonly reason: string | null;
  readonly effects: readonly Effect[];
}

/** A refusal inside the core, before it becomes a decision. */
export interface Refusal {
  readonly code: OutcomeCode;
  readonly figures?: Figures;
  /** Which case of the code, where that helps to act. */
  readonly reason?: string;
}
