// What the programme's rules make of one sale: what it may take, or why it is declined. A range where balances have one.

import type { Intent, Units, World } from "../facts.js";
import type { Range } from "./pots.js";

/** What would be right for one attempt. */
export interface Expected {
  /** What an approval may take or hold, at least and at most; null: it is declined. */
  readonly takes: Range | null;
  /** Why it may be declined; none: it is approved. */
  readonly declines: readonly string[];
}

/** A grant before the attempt. */
interface Balance {
  readonly amount: Units;
  readonly used: Range;
}

type Avantage = World["avantages"][number];

/** Declined, for one of these reasons. */
export function declined(codes: readonly string[]): Expected {
  return { takes: null, declines: codes };
}

/** The form comes before the card: what is wrong with it, or null. */
export function malformed(
  { purchaseCents, quantity }: Intent,
  avantage: Avantage,
): Expected | null {
  const counted = avantage.unit === "cents" ? purchaseCents : (quantity ?? 0);
  if (Number.isInteger(counted) && counted >= 1) return null;
  return declined([avantage.unit === "cents" ? "AMOUNT_INVALID" : "QUANTITY_INVALID"]);
}

/** Nothing was ever granted of it: by the precise code, or by the one that a till gets. */
const NOT_GRANTED = ["AVANTAGE_NOT_GRANTED", "AVANTAGE_UNAVAILABLE", "BENEFICIARY_NOT_VALIDATED"];

/** What a sale whose credential has passed may draw from its grant. */
export function drawn(
  intent: Intent,
  avantage: Avantage | undefined,
  balance: Balance | null,
): Expected {
  if (!avantage || balance === null) return declined(NOT_GRANTED);
  const { amount, used } = balance;
  if (avantage.singleUse && used.least > 0) return declined(["ALREADY_USED"]);
  const left: Range = { least: Math.max(0, amount - used.most), most: amount - used.least };
  const expected = avantage.unit === "cents" ? cents(intent, left) : pieces(intent, left);
  const perhapsUsed = avantage.singleUse && used.most > 0;
  return perhapsUsed ? { ...expected, declines: [...expected.declines, "ALREADY_USED"] } : expected;
}

/** The purchase or what is left, whichever is less; with `exact`, the purchase or nothing. */
function cents({ purchaseCents, exact }: Intent, left: Range): Expected {
  const declines: string[] = [];
  if (left.least <= 0) declines.push("BALANCE_EXHAUSTED");
  const isShort = purchaseCents > left.least && left.most > 0;
  if (exact && isShort) declines.push("INSUFFICIENT_BALANCE");
  const most = Math.min(purchaseCents, left.most);
  const least = exact ? purchaseCents : Math.max(1, Math.min(purchaseCents, left.least));
  return { takes: least <= most ? { least, most } : null, declines };
}

/** Whole pieces, as many as were asked for, or none. */
function pieces({ quantity }: Intent, left: Range): Expected {
  const wanted = quantity ?? 0;
  const declines = wanted > left.least ? ["SEATS_EXHAUSTED", "COUPONS_EXHAUSTED"] : [];
  return { takes: wanted <= left.most ? { least: wanted, most: wanted } : null, declines };
}
