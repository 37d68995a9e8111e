// What the holder reads before a decision: on the till's display, and on the PIN pad.

import type { HolderPrompts } from "./evidence.js";
import type { Purchase } from "./local-checks.js";

/** Upper-case ASCII, at most 20 characters a line, so that one text serves every display. */
export function holderPrompts(purchase: Partial<Purchase>): HolderPrompts {
  const what = subject(purchase);
  const card = ["PRESENTER LA CARTE", what] as const;
  return { card: { display: card, display20: card }, pin: ["TAPER LE CODE SECRET", what] };
}

function subject({ purchaseCents, quantity }: Partial<Purchase>): string {
  if (quantity !== undefined) return `QUANTITE ${quantity}`;
  return purchaseCents === undefined
    ? ""
    : `${(purchaseCents / 100).toFixed(2).replace(".", ",")} EUR`;
}
