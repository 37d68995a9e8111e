// The values that go into the texts of an outcome.
import type { Amount } from "../money.js";

/** Values for the templates; each outcome needs only those that its texts name. */
export interface OutcomeParams {
  /** Taken from the avantage. */
  readonly amountCents?: number;
  /** Still to be collected by the cashier. */
  readonly collectCents?: number;
  /** Left on the avantage. */
  readonly remaining?: Amount;
  /** Seats or coupons of this sale. */
  readonly quantity?: number;
  readonly triesLeft?: number;
  /** Civil date in Paris, `YYYY-MM-DD`: first or last day of use. */
  readonly date?: string;
  /** The ceiling that the purchase exceeds. */
  readonly maxCents?: number;
  /** The avantage's French name. */
  readonly avantageLabel?: string;
  /** Held or captured, with its unit. */
  readonly taken?: Amount;
  /** What was given back can be used no more. */
  readonly notUsable?: boolean;
  /** Given back by a reversal; absent or zero for a record or a tombstone. */
  readonly returned?: Amount;
  /** Where the holder sets the code secret. */
  readonly accountUrl?: string;
  /** The card number was typed by hand. */
  readonly keyed?: boolean;
}
