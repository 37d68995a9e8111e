// Many whole balances at one merchant in a day: untouched pots, each taken in one debit.

import { counted } from "./french.js";
import {
  countOf,
  type DayCounts,
  dayOfNo,
  eachDay,
  isAsked,
  type Pattern,
  type Watch,
} from "./pattern.js";
import { THRESHOLDS } from "./thresholds.js";

const { atLeast, percentOfDay } = THRESHOLDS.fullBalances;

/** Avantages that are used once are left out: taking all of them at once is what they are made for (LICENCE, PSC1). */
export function fullBalances(watch: Watch): Pattern {
  const days: DayCounts<{ debits: number; full: number }> = new Map();
  return {
    see(sale) {
      if (!isAsked(watch, sale.dayNo) || watch.avantages.get(sale.avantage)?.singleUse) return;
      const day = countOf(days, sale, () => ({ debits: 0, full: 0 }));
      day.debits += 1;
      if (sale.spentBefore === 0 && sale.units === sale.amountOfGrant) day.full += 1;
    },
    alerts: () =>
      [...eachDay(days)].flatMap(({ partnerId, dayNo, count: { debits, full } }) => {
        if (full < atLeast || full * 100 < percentOfDay * debits) return [];
        return {
          kind: "FULL_BALANCES",
          partnerId,
          day: dayOfNo(dayNo),
          words: `${full} soldes intacts débités chacun en totalité et en une seule fois, sur ${counted(debits, "débit")} du jour.`,
          figures: { fullBalances: full, debits },
        };
      }),
  };
}
