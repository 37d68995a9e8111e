// Money and counted things: integer amounts with their unit in the type, never added across units.

declare const unitBrand: unique symbol;

/** An integer number of euro cents, zero or more. Made by {@link cents} alone. */
export type Cents = number & { readonly [unitBrand]: "EUR_CENT" };

/** What a grant is counted in. `RECORD` and `UNLIMITED` have no counter: a use is recorded, nothing is debited. */
export const UNITS = ["EUR_CENT", "SEAT", "COUPON", "RECORD", "UNLIMITED"] as const;
export type Unit = (typeof UNITS)[number];

/** Units with a counter that a sale brings down. */
export type CountedUnit = Extract<Unit, "EUR_CENT" | "SEAT" | "COUPON">;

/** An amount on the wire: always with its unit. */
export interface Amount {
  readonly unit: CountedUnit;
  readonly value: number;
}

/** The largest purchase that the protocol can name: 999 999,99 €. More is a typing error. */
export const PURCHASE_CENTS_MAX = 99_999_999;

/**
 * Makes a {@link Cents} of a number that is already known to be good.
 *
 * @throws RangeError when it is not a safe integer of zero or more: a bug of the caller.
 */
export function cents(value: number): Cents {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`not an amount of cents: ${value}`);
  }
  return value as Cents;
}

/** Whether a purchase amount has the form of one: a whole number of cents, above zero, not above the maximum. */
export function isPurchaseCents(value: number): value is Cents {
  return Number.isSafeInteger(value) && value > 0 && value <= PURCHASE_CENTS_MAX;
}
