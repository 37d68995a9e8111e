// What a receipt can be made of, as far as it is printed.

import type { CapturedSale, RefundedSale, ReversedSale } from "../after-sale/results.js";
import type { ApprovedSale, Declined, ResultTexts } from "../sale/results.js";

/** What results say to the till and the integrator. */
type Unprinted = keyof ResultTexts | "actor" | "timings" | "retry";

export type ApprovedSource = Omit<ApprovedSale, Unprinted>;
export type CapturedSource = Omit<CapturedSale, Unprinted>;

/** What a receipt can be made of. A result that nobody knows has none: it is reversed, or sent on. */
export type ReceiptSource =
  | ApprovedSource
  | CapturedSource
  | Omit<Declined, Unprinted>
  | Omit<ReversedSale, Unprinted>
  | Omit<RefundedSale, Unprinted>;
