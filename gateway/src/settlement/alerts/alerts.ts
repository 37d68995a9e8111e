// Alerts, not declines: the patterns seen in fraud on comparable programmes, looked for in a range of days.

import type { ObservedSale } from "../../core/settlement/observed-sale.js";
import type { Alert } from "../../core/settlement/ports.js";
import { fullBalances } from "./full-balances.js";
import { manyPsc1 } from "./many-psc1.js";
import { dayNoOf, dayOfNo, type Pattern, type Watch } from "./pattern.js";
import { rushBeforeExpiry } from "./rush-before-expiry.js";
import { splitAboveHalf } from "./split-above-half.js";
import { THRESHOLDS } from "./thresholds.js";
import { volumeOutOfLine } from "./volume-out-of-line.js";

const PATTERNS: readonly ((watch: Watch) => Pattern)[] = [
  fullBalances,
  splitAboveHalf,
  volumeOutOfLine,
  rushBeforeExpiry,
  manyPsc1,
];

/** How many days before the first one are looked at as well: a partner's usual. */
const LOOK_BACK_DAYS = Math.max(
  THRESHOLDS.volume.beforeDays,
  THRESHOLDS.rush.beforeDays + THRESHOLDS.rush.lastDays - 1,
);

/** The first day whose sales {@link alertsOf} needs to see, Paris civil date, for alerts from `firstDay` on. */
export function observedFrom(firstDay: string): string {
  return dayOfNo(dayNoOf(firstDay) - LOOK_BACK_DAYS);
}

interface AlertsInput {
  /** Paris civil dates, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Sales from `observedFrom(firstDay)` to the end of `lastDay`, in any order. */
  readonly sales: Iterable<ObservedSale> | AsyncIterable<ObservedSale>;
  /** The programme's. */
  readonly avantages: Watch["avantages"];
  /** Names the Paris civil date of an instant; cheap for instants that follow each other. */
  readonly dayOf: (instantMs: number) => string;
}

/** The patterns worth a look, by day, then by partner. Nothing is kept between two calls, and no young person is named. */
export async function alertsOf(input: AlertsInput): Promise<readonly Alert[]> {
  const { firstDay, lastDay, avantages, dayOf } = input;
  const watch = { firstDayNo: dayNoOf(firstDay), lastDayNo: dayNoOf(lastDay), avantages };
  const patterns = PATTERNS.map((pattern) => pattern(watch));
  const lastDayNoOf = createLastDays(dayOf);
  for await (const sale of input.sales) {
    const dayNo = dayNoOf(dayOf(sale.takenAtMs));
    const seen = { ...sale, dayNo, windowLastDayNo: lastDayNoOf(sale.windowToMs) };
    for (const pattern of patterns) pattern.see(seen);
  }
  return patterns
    .flatMap((pattern) => pattern.alerts())
    .toSorted((a, b) => compare(a.day, b.day) || compare(a.partnerId, b.partnerId));
}

/** The last day of a window by its end; remembered, because many grants share one window. */
function createLastDays(dayOf: (instantMs: number) => string): (windowToMs: number) => number {
  const known = new Map<number, number>();
  return (windowToMs) => {
    const dayNo = known.get(windowToMs) ?? dayNoOf(dayOf(windowToMs - 1));
    known.set(windowToMs, dayNo);
    return dayNo;
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
