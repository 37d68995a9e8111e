// What the holder reads before a decision: on the till's display, and on the PIN pad.

import type { CountedUnit, Lines, TerminalProfile } from "@pass-tpe/protocol";
import type { Purchase } from "./local-checks.js";

/** What the holder is shown: the lines for the card, and those for the PIN pad. */
export interface HolderPrompts {
  readonly card: { readonly display: Lines; readonly display20: Lines };
  readonly pin: Lines;
}

/** For a holder whose card still lies on the reader from an earlier presentation. */
export const REMOVE_CARD_LINES: { readonly display: Lines; readonly display20: Lines } = {
  display: ["RETIRER LA CARTE", "PUIS LA REPRESENTER"],
  display20: ["RETIRER LA CARTE", "PUIS LA REPRESENTER"],
};

/** Singular and plural of what is counted. */
const COUNTED: Readonly<Record<Exclude<CountedUnit, "EUR_CENT">, readonly [string, string]>> = {
  SEAT: ["PLACE", "PLACES"],
  COUPON: ["COUPON", "COUPONS"],
};

/** Upper-case ASCII, at most 20 characters a line, so that one text serves every display. */
export function holderPrompts(options: {
  purchase: Partial<Purchase>;
  profile: TerminalProfile;
}): HolderPrompts {
  const what = subject(options);
  const card = ["PRESENTER LA CARTE", what] as const;
  return { card: { display: card, display20: card }, pin: ["TAPER LE CODE SECRET", what] };
}

function subject(options: { purchase: Partial<Purchase>; profile: TerminalProfile }): string {
  const { purchaseCents, quantity, avantage } = options.purchase;
  if (quantity !== undefined) {
    const unit = options.profile.avantages.find((one) => one.avantage === avantage)?.unit;
    if (unit !== "SEAT" && unit !== "COUPON") return `QUANTITE ${quantity}`;
    // French uses the plural from two on.
    const [one, many] = COUNTED[unit];
    return `${quantity} ${quantity < 2 ? one : many}`;
  }
  return purchaseCents === undefined
    ? ""
    : `${(purchaseCents / 100).toFixed(2).replace(".", ",")} EUR`;
}
