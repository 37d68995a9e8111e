// How amounts are printed on a receipt: in French, without a sign that an old printer might not have.

import type { CountedUnit } from "@pass-tpe/protocol";

/** Singular and plural of what is counted. */
const PIECES: Readonly<Record<Exclude<CountedUnit, "EUR_CENT">, readonly [string, string]>> = {
  SEAT: ["place", "places"],
  COUPON: ["coupon", "coupons"],
};

/** French uses the plural from two on. */
const PLURAL_FROM = 2;

/** `12,00 EUR`, `1 place`, `-2 coupons`; of a unit that this version does not know the bare number. */
export function printedAmount({ unit, value }: { unit: string; value: number }): string {
  if (unit === "EUR_CENT") return printedEuros(value);
  if (unit !== "SEAT" && unit !== "COUPON") return String(value);
  const [one, many] = PIECES[unit];
  return `${value} ${Math.abs(value) < PLURAL_FROM ? one : many}`;
}

/** 123456 cents → `1234,56 EUR`. */
export function printedEuros(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)},${digits.slice(-2)} EUR`;
}
