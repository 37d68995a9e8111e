// What the double's point of sale accepts and what its one holder has left.

import type { CountedUnit } from "@pass-tpe/protocol";

interface Named {
  /** For instance `SPECTACLE`. */
  readonly avantage: string;
  /** The French name that people read. */
  readonly label: string;
}

/** An avantage with what the holder has of it when the test begins. */
export type DoubleAvantage = Named &
  (
    | { readonly unit: "EUR_CENT"; readonly balance: number }
    | {
        readonly unit: "SEAT";
        readonly balance: number;
        /** What the holder pays for each seat at the till. */
        readonly copayCentsPerUnit: number;
      }
    | { readonly unit: "COUPON"; readonly balance: number }
    /** A use is recorded and nothing is debited. */
    | { readonly unit: "RECORD" }
  );

/** An amount that a sale takes or gives back. */
export interface Debit {
  readonly avantage: string;
  readonly unit: CountedUnit;
  readonly value: number;
}

/** Where the test says nothing else: one avantage of each kind, as the programme grants them. */
export const DEFAULT_AVANTAGES: readonly DoubleAvantage[] = [
  { avantage: "SPECTACLE", label: "Spectacle", unit: "EUR_CENT", balance: 3_000 },
  { avantage: "CINEMA", label: "Cinéma", unit: "SEAT", balance: 5, copayCentsPerUnit: 100 },
  { avantage: "SANTE_COUPON", label: "Coupons santé", unit: "COUPON", balance: 2 },
  { avantage: "MUSEE", label: "Musée", unit: "RECORD" },
];

/** What the holder pays at the till for each of an avantage's units. */
export function copayOf(avantage: DoubleAvantage | undefined): number {
  return avantage?.unit === "SEAT" ? avantage.copayCentsPerUnit : 0;
}
