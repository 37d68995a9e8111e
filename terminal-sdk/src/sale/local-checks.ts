// What the terminal can refuse by itself before anybody presents a card.

import { isPurchaseCents, type PublicCode, type TerminalProfile } from "@pass-tpe/protocol";

export interface Purchase {
  readonly avantage: string;
  readonly purchaseCents?: number;
  readonly quantity?: number;
}

/**
 * The code of the first thing that is wrong with a purchase, or null. It follows the gateway's own order:
 * avantage accepted here, then amount, then quantity. What the profile does not tell is left to the gateway.
 */
export function refusePurchase(options: {
  purchase: Purchase;
  profile: TerminalProfile;
}): PublicCode | null {
  const { avantage, purchaseCents, quantity } = options.purchase;
  const { avantages, limits } = options.profile;
  const accepted = avantages.find((one) => one.avantage === avantage);
  if (accepted === undefined) return "AVANTAGE_NOT_ACCEPTED_HERE";
  const amountNeeded = accepted.unit === "EUR_CENT";
  if (purchaseCents === undefined ? amountNeeded : !isAmount(purchaseCents, limits)) {
    return "AMOUNT_INVALID";
  }
  const quantityNeeded = accepted.unit === "SEAT" || accepted.unit === "COUPON";
  if (quantity === undefined ? quantityNeeded : !isQuantity(quantity, limits)) {
    return "QUANTITY_INVALID";
  }
  return null;
}

type Limits = TerminalProfile["limits"];

function isAmount(value: number, { purchaseCentsMax }: Limits): boolean {
  return isPurchaseCents(value) && value <= purchaseCentsMax;
}

function isQuantity(value: number, { quantityMax }: Limits): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= quantityMax;
}
