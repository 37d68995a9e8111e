// How amounts, counts and dates are written in French, on a till and for the young person.

import type { Amount, CountedUnit } from "../money.js";
import { bug } from "./bug.js";

/** A till display has upper-case ASCII only; a message has all of French. */
export type Medium = "till" | "message";

/** Singular and plural. */
type Forms = readonly [one: string, many: string];

interface UnitWords {
  /** How many make one, for the number that decides between singular and plural. */
  readonly perOne: number;
  readonly till: Forms;
  readonly message: Forms;
  readonly returned: Forms;
}

const UNIT_WORDS: Readonly<Record<CountedUnit, UnitWords>> = {
  EUR_CENT: {
    perOne: 100,
    till: ["EUR", "EUR"],
    message: ["€", "€"],
    returned: ["RENDU", "RENDUS"],
  },
  SEAT: {
    perOne: 1,
    till: ["PLACE", "PLACES"],
    message: ["place", "places"],
    returned: ["RENDUE", "RENDUES"],
  },
  COUPON: {
    perOne: 1,
    till: ["COUPON", "COUPONS"],
    message: ["coupon", "coupons"],
    returned: ["RENDU", "RENDUS"],
  },
};

/** French uses the plural from two on: 0 place, 1,50 euro, 2 places. */
const PLURAL_FROM = 2;

/** The form that French wants for this number. */
export function pluralOf(count: number, [one, many]: Forms): string {
  return count < PLURAL_FROM ? one : many;
}

/** A count as it is printed. @throws Error when it is not a whole number from 0 */
export function formatCount(count: number): string {
  if (!Number.isSafeInteger(count) || count < 0) {
    bug(`a shown count or amount must be a whole number from 0, not ${count}`);
  }
  return String(count);
}

/** 123456 cents → `1234,56`: decimal comma, no separator of thousands. @throws Error as formatCount */
export function formatCents(cents: number): string {
  const digits = formatCount(cents).padStart(3, "0");
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}

/** `2026-12-31` → `31/12/2026`. @throws Error when the date has another form */
export function formatDate(isoDate: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    bug(`a shown date must be YYYY-MM-DD, not ${JSON.stringify(isoDate)}`);
  }
  return `${day}/${month}/${year}`;
}

/** A balance with its unit: `12,00 EUR`, `1 PLACE`; in a message `12,00 €`, `1 place`. */
export function formatBalance({ unit, value }: Amount, medium: Medium): string {
  const words = UNIT_WORDS[unit];
  const number = unit === "EUR_CENT" ? formatCents(value) : formatCount(value);
  return `${number} ${pluralOf(value / words.perOne, words[medium])}`;
}

/** What was given back: `12,00 EUR RENDUS`, `1 PLACE RENDUE`; in a message the balance alone. */
export function formatReturned(balance: Amount, medium: Medium): string {
  const amount = formatBalance(balance, medium);
  if (medium === "message") return amount;
  const words = UNIT_WORDS[balance.unit];
  return `${amount} ${pluralOf(balance.value / words.perOne, words.returned)}`;
}
