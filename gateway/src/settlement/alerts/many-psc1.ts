// Many PSC1 in an hour at one partner: an individual aid that pays for a whole class shows like this (T-34).

import type { Alert } from "../../core/settlement/ports.js";
import { dayOfNo, entryOf, isAsked, type Pattern, type SeenSale, type Watch } from "./pattern.js";
import { THRESHOLDS } from "./thresholds.js";

const { moreThan, withinMs } = THRESHOLDS.psc1;

/** Looks at the avantages that the programme calls individual. At most one alert for a partner, avantage and day. */
export function manyPsc1(watch: Watch): Pattern {
  const byPartner = new Map<string, SeenSale[]>();
  return {
    see(sale) {
      if (!watch.avantages.get(sale.avantage)?.individual) return;
      entryOf(byPartner, `${sale.avantage} ${sale.partnerId}`, () => []).push(sale);
    },
    alerts: () => [...byPartner.values()].flatMap((sales) => alertsOfOne(watch, sales)),
  };
}

/** The busiest hour that ends with a sale of each day, where it is too busy. */
function alertsOfOne(watch: Watch, unordered: readonly SeenSale[]): readonly Alert[] {
  const sales = unordered.toSorted((a, b) => a.takenAtMs - b.takenAtMs);
  const busiest = new Map<number, { readonly count: number; readonly last: SeenSale }>();
  let from = 0;
  for (const [to, last] of sales.entries()) {
    // The hour is half-open: what was taken a whole hour before is out of it.
    while ((sales[from]?.takenAtMs ?? last.takenAtMs) <= last.takenAtMs - withinMs) from += 1;
    const count = to - from + 1;
    if (count > (busiest.get(last.dayNo)?.count ?? moreThan)) {
      busiest.set(last.dayNo, { count, last });
    }
  }
  return [...busiest].flatMap(([dayNo, { count, last }]) =>
    isAsked(watch, dayNo) ? alertOf(watch, { dayNo, count, last }) : [],
  );
}

function alertOf(
  { avantages }: Watch,
  seen: { readonly dayNo: number; readonly count: number; readonly last: SeenSale },
): Alert {
  const { partnerId, avantage } = seen.last;
  const label = avantages.get(avantage)?.label ?? avantage;
  const minutes = withinMs / 60_000;
  return {
    kind: "MANY_PSC1",
    partnerId,
    day: dayOfNo(seen.dayNo),
    words: `${seen.count} débits « ${label} » en ${minutes} minutes, alors que l'aide est individuelle.`,
    figures: { debits: seen.count, minutes },
  };
}
