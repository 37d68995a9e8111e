// What the double keeps of an attempt, and of what was done with it since.

import type {
  AuthorizationAnswer,
  CaptureAnswer,
  InquiryAnswer,
  RefundAnswer,
  ReversalAnswer,
} from "@pass-tpe/protocol";
import type { Debit } from "./avantages.js";

/** An attempt that was decided. `fingerprint` is a digest of its request. */
export type AnsweredAttempt =
  | {
      readonly kind: "authorization";
      readonly fingerprint: string;
      readonly answer: AuthorizationAnswer;
    }
  | { readonly kind: "inquiry"; readonly fingerprint: string; readonly answer: InquiryAnswer };

/** A reversal came for an id that was never seen: whatever comes under it now is refused. */
interface Tombstone {
  readonly kind: "tombstone";
  readonly fingerprint: null;
  readonly answer: null;
}

type SaleState = "held" | "approved" | "declined" | "reversed" | "expired";

/** What becomes of an attempt. */
export interface Life {
  state: SaleState;
  /** What its answer says is taken or held; since a capture, what that took. */
  drawn: Debit | null;
  /** Whether it came from a balance; that of a scripted approval does not. */
  readonly isDebited: boolean;
  readonly holdExpiresAtMs: number | null;
  capture: { readonly asked: number | null; readonly answer: CaptureAnswer } | null;
  reversal: ReversalAnswer | null;
}

export type StoredAttempt = (AnsweredAttempt | Tombstone) & Life;
export type StoredSale = Extract<StoredAttempt, { kind: "authorization" }>;

export interface StoredRefund {
  /** The sale. */
  readonly of: string;
  /** Null: all that was left. */
  readonly asked: number | null;
  readonly value: number;
  readonly answer: RefundAnswer;
}
