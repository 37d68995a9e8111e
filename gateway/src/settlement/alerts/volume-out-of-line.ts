// Volume out of line: a partner's day against its own days of the four weeks before.

import type { Alert } from "../../core/settlement/ports.js";
import { counted, eurosOf } from "./french.js";
import { countOf, type DayCounts, dayOfNo, isAsked, type Pattern, type Watch } from "./pattern.js";
import { THRESHOLDS } from "./thresholds.js";

const { beforeDays, times, salesFloor, centsFloor } = THRESHOLDS.volume;

interface Volume {
  sales: number;
  /** Of avantages in euros alone. */
  cents: number;
}

/** Number of debits and amount are looked at each for itself. A partner without any day before is held to the floors. */
export function volumeOutOfLine(watch: Watch): Pattern {
  const partners: DayCounts<Volume> = new Map();
  return {
    see(sale) {
      const day = countOf(partners, sale, () => ({ sales: 0, cents: 0 }));
      day.sales += 1;
      if (sale.unit === "EUR_CENT") day.cents += sale.units;
    },
    alerts: () =>
      [...partners].flatMap(([partnerId, days]) =>
        [...days].flatMap(([dayNo, day]) => {
          if (!isAsked(watch, dayNo)) return [];
          const usual = usualBefore(days, dayNo);
          return isOut(day, usual) ? alertOf({ partnerId, dayNo, day, usual }) : [];
        }),
      ),
  };
}

function isOut(day: Volume, usual: Volume): boolean {
  return (
    (day.sales >= salesFloor && day.sales > times * usual.sales) ||
    (day.cents >= centsFloor && day.cents > times * usual.cents)
  );
}

function alertOf(seen: {
  readonly partnerId: string;
  readonly dayNo: number;
  readonly day: Volume;
  readonly usual: Volume;
}): Alert {
  const { partnerId, dayNo, day, usual } = seen;
  return {
    kind: "VOLUME_OUT_OF_LINE",
    partnerId,
    day: dayOfNo(dayNo),
    words: `${volume(day)} dans la journée, contre ${volume(usual)} un jour ordinaire (médiane des jours de vente parmi les ${beforeDays} précédents).`,
    figures: {
      sales: day.sales,
      cents: day.cents,
      usualSales: usual.sales,
      usualCents: usual.cents,
    },
  };
}

const volume = ({ sales, cents }: Volume) => `${counted(sales, "débit")} et ${eurosOf(cents)}`;

/** The medians of the days with sales before a day: one that is closed is no usual day. */
function usualBefore(days: ReadonlyMap<number, Volume>, dayNo: number): Volume {
  const before = [...days].filter(([it]) => it < dayNo && it >= dayNo - beforeDays);
  return {
    sales: medianOf(before.map(([, { sales }]) => sales)),
    cents: medianOf(before.map(([, { cents }]) => cents)),
  };
}

/** Of an even number the higher of the two in the middle; zero of none. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
