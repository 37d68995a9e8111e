// Splits above half the balance: a pot taken in several debits of one day, at one merchant, small one by one.

import {
  countOf,
  type DayCounts,
  dayOfNo,
  eachDay,
  entryOf,
  isAsked,
  type Pattern,
  type Watch,
} from "./pattern.js";
import { THRESHOLDS } from "./thresholds.js";

const { grantsAtLeast } = THRESHOLDS.splits;

interface Taken {
  debits: number;
  units: number;
  /** The largest one debit. */
  largest: number;
  readonly amountOfGrant: number;
}

/** More than half of what was granted, in at least two debits, none of which takes more than half. */
function isSplit({ debits, units, largest, amountOfGrant }: Taken): boolean {
  return debits >= 2 && largest * 2 <= amountOfGrant && units * 2 > amountOfGrant;
}

export function splitAboveHalf(watch: Watch): Pattern {
  const days: DayCounts<Map<string, Taken>> = new Map();
  return {
    see(sale) {
      if (!isAsked(watch, sale.dayNo)) return;
      const { units, amountOfGrant, grantKey } = sale;
      const grants = countOf(days, sale, () => new Map<string, Taken>());
      const start = () => ({ debits: 0, units: 0, largest: 0, amountOfGrant });
      const taken = entryOf(grants, grantKey, start);
      taken.debits += 1;
      taken.units += units;
      taken.largest = Math.max(taken.largest, units);
    },
    alerts: () =>
      [...eachDay(days)].flatMap(({ partnerId, dayNo, count }) => {
        const splits = [...count.values()].filter(isSplit);
        if (splits.length < grantsAtLeast) return [];
        const debits = splits.reduce((sum, split) => sum + split.debits, 0);
        return {
          kind: "SPLIT_ABOVE_HALF",
          partnerId,
          day: dayOfNo(dayNo),
          words: `${splits.length} avantages débités en plusieurs fois dans la journée (${debits} débits) : chaque débit prend au plus la moitié du montant accordé, leur somme en prend plus de la moitié.`,
          figures: { splits: splits.length, debits },
        };
      }),
  };
}
