// In which figures a till's journal and the ledger differ on one day, for what a restore has lost.

import type { ReconciliationRequest, TillTotal } from "@pass-tpe/protocol";

const SIDES = ["sales", "reversals", "refunds"] as const;

/** One side of one avantage, on which they differ. */
export interface TillDifference {
  readonly avantage: string;
  readonly unit: string;
  readonly side: (typeof SIDES)[number];
  readonly tillCount: number;
  readonly tillValue: number;
  readonly ledgerCount: number;
  readonly ledgerValue: number;
}

type Figures = Pick<TillTotal, "avantage" | "unit" | (typeof SIDES)[number]>;

/** The figures that differ, by avantage and unit. */
export function tillDifferences(compared: {
  readonly claimed: ReconciliationRequest["totals"];
  readonly ledger: readonly Figures[];
}): readonly TillDifference[] {
  const { claimed, ledger } = compared;
  const keys = [...new Set([...claimed, ...ledger].map(keyOf))].sort();
  return keys.flatMap((key) => {
    const [till, own] = [sumOf(claimed, key), sumOf(ledger, key)];
    return SIDES.map((side) => differenceOn(side, till ?? own, { till, own })).filter(
      ({ tillCount, tillValue, ledgerCount, ledgerValue }) =>
        tillCount !== ledgerCount || tillValue !== ledgerValue,
    );
  });
}

function differenceOn(
  side: (typeof SIDES)[number],
  named: Figures | undefined,
  sums: { readonly till: Figures | undefined; readonly own: Figures | undefined },
): TillDifference {
  const { avantage = "", unit = "" } = named ?? {};
  const { till, own } = sums;
  return {
    avantage,
    unit,
    side,
    tillCount: till?.[side].count ?? 0,
    tillValue: till?.[side].value ?? 0,
    ledgerCount: own?.[side].count ?? 0,
    ledgerValue: own?.[side].value ?? 0,
  };
}

/** Both kinds of use that debit nothing are one for a till. */
function keyOf({ avantage, unit }: Pick<Figures, "avantage" | "unit">): string {
  return `${avantage} ${unit === "UNLIMITED" ? "RECORD" : unit}`;
}

function sumOf(totals: readonly Figures[], key: string): Figures | undefined {
  return totals.find((total) => keyOf(total) === key);
}
