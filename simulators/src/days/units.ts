// What an answer or a result says was moved, in the unit of its avantage.

import type { Amount } from "@pass-tpe/terminal-sdk";

export interface Amounts {
  readonly amountCents?: number;
  readonly quantity?: number;
  /** Of what was given back. */
  readonly returned?: Amount;
}

/** Pieces where it is counted in pieces, else cents; zero where nothing moved. */
export function unitsOf({ amountCents, quantity, returned }: Amounts): number {
  return returned?.value ?? quantity ?? amountCents ?? 0;
}
