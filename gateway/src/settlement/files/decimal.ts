// Integer cents as decimal text: by moving digits, because a floating-point euro is not exact.

import { assert } from "../../core/assert.js";

/** `1234` cents as `12.34`, with the decimal sign that is asked for. */
export function decimalOf(cents: number, sign: "." | ","): string {
  assert(Number.isSafeInteger(cents), "an amount is in whole cents");
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}${sign}${digits.slice(-2)}`;
}
