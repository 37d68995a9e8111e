// What a receipt says, as data: for whoever prints it another way than as lines of text.

import type { Amount } from "@pass-tpe/protocol";
import type { DayDifference, DayTotal, OwedCounts } from "../day/results.js";

export type ReceiptKind =
  | "sale"
  | "partial"
  | "seats"
  | "coupons"
  | "record"
  | "held"
  | "captured"
  | "reversed"
  | "refunded"
  | "declined";

/** For whom it is. The merchant's never says what is left on the card, and none says a name. */
export type ReceiptCopy = "merchant" | "holder";

/** What every receipt begins with: who and where. */
interface Heading {
  /** Partner and point of sale, as the gateway's profile has them. */
  readonly header: readonly string[];
  readonly terminalId: string;
}

/** The receipt of a sale, or of what was done with one. Never a reason, a full card number, or a holder's name. */
export interface Receipt extends Heading {
  readonly kind: ReceiptKind;
  readonly copy: ReceiptCopy;
  /** It was printed before. */
  readonly duplicate: boolean;
  /** The gateway's clock, Unix milliseconds; absent where it did not decide. */
  readonly atMs?: number;
  /** The sale's id; a refund's own. */
  readonly reference?: string;
  /** Of a refund: the sale's id. */
  readonly saleReference?: string;
  readonly avantage?: { readonly code: string; readonly label: string };
  readonly cardLastFour?: string;
  /** `NFC`, `QR`, `KEYED`. */
  readonly channel?: string;
  /** Taken from the card; of a hold: held. */
  readonly taken?: Amount;
  readonly collectCents?: number;
  /** Said for a record, not taken. */
  readonly declaredCents?: number;
  /** Held and let go of by a capture. */
  readonly released?: Amount;
  /** Given back to the avantage. */
  readonly returned?: Amount;
  readonly holdExpiresAtMs?: number;
  /** On the holder's copy alone: what is left. */
  readonly remaining?: Amount;
  /** On the holder's copy alone: last day of use, Paris civil date. */
  readonly usableUntil?: string;
  /** What the programme wants said with this avantage. */
  readonly reminder?: string;
}

/** The receipt of a till's day, for the merchant. */
export interface DayReceipt extends Heading {
  readonly kind: "day";
  /** Paris civil date. */
  readonly day: string;
  readonly printedAtMs: number;
  readonly totals: readonly (DayTotal & { readonly label: string })[];
  /** Of the avantages in euros, in cents: sales less reversals and refunds. */
  readonly netCents: number;
  /** Authorizations that wait for their capture. */
  readonly held: number;
  readonly owed: OwedCounts;
  /** False where the gateway did not answer: the figures are the terminal's alone. */
  readonly compared: boolean;
  readonly concordant: boolean;
  readonly differences: readonly DayDifference[];
}
