// A receipt as lines of text, for any printer of fixed width.

import { invalid } from "../given.js";
import { dayParts } from "./day-parts.js";
import { type Charset, layOut } from "./layout.js";
import type { DayReceipt, Receipt } from "./receipt.js";
import { saleParts } from "./sale-parts.js";

/** The usual rolls of 58 and 80 mm print so many characters on a line. */
const RECEIPT_WIDTH_DEFAULT = 32;
const WIDTH_MIN = 20;
const WIDTH_MAX = 120;

export interface ReceiptTextOptions {
  /** Characters on a line: 32 (default) and 42 are common. */
  readonly width?: number;
  /**
   * `french` (default): Unicode text. What the SDK itself prints is in code page 1252 (Windows), and in 858 but for œ;
   * names of partners and avantages are printed as the gateway has them. `ascii`: without accents, `EUR` for €.
   */
  readonly charset?: Charset;
}

/**
 * The receipt as text, one string for each line, none wider than asked.
 *
 * @throws PassTpeError `OPTIONS_INVALID` for a width that is none.
 */
export function receiptLines(
  receipt: Receipt | DayReceipt,
  options: ReceiptTextOptions = {},
): string[] {
  const { width = RECEIPT_WIDTH_DEFAULT, charset = "french" } = options;
  if (!Number.isInteger(width) || width < WIDTH_MIN || width > WIDTH_MAX) {
    throw invalid(`width must be a whole number from ${WIDTH_MIN} to ${WIDTH_MAX}`);
  }
  const parts = receipt.kind === "day" ? dayParts(receipt) : saleParts(receipt);
  return layOut(parts, { width, charset });
}
