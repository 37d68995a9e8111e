// What avantages are called, for partners and for the accounts.

import type { Programme } from "../core/programme.js";

/** The French name of each avantage by its code. */
export function labelsOf({ avantages }: Pick<Programme, "avantages">): ReadonlyMap<string, string> {
  return new Map([...avantages].map(([code, { label }]) => [code, label]));
}
