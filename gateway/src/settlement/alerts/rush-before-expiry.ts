// Rush before expiry: the debits of a window's last week against those of the four weeks before it.

import type { Alert } from "../../core/settlement/ports.js";
import { frenchDay } from "./french.js";
import { dayOfNo, entryOf, isAsked, type Pattern, type Watch } from "./pattern.js";
import { THRESHOLDS } from "./thresholds.js";

const { lastDays, beforeDays, atLeast, percent } = THRESHOLDS.rush;
const EVEN_PERCENT = Math.round((100 * lastDays) / (lastDays + beforeDays));

/** How one partner's debits on grants of one window lie around its last week. */
interface Trade {
  readonly partnerId: string;
  /** The last day of use. */
  readonly lastDayNo: number;
  before: number;
  /** Of the last week, by day. */
  readonly late: Map<number, number>;
}

/** One alert for a partner and a window, on the day on which it became a rush. */
export function rushBeforeExpiry(watch: Watch): Pattern {
  const trades = new Map<string, Trade>();
  return {
    see({ partnerId, dayNo, windowLastDayNo: lastDayNo }) {
      const left = lastDayNo - dayNo;
      if (left >= lastDays + beforeDays) return;
      const start = () => ({ partnerId, lastDayNo, before: 0, late: new Map<number, number>() });
      const trade = entryOf(trades, `${lastDayNo} ${partnerId}`, start);
      if (left >= lastDays) trade.before += 1;
      else trade.late.set(dayNo, (trade.late.get(dayNo) ?? 0) + 1);
    },
    alerts: () =>
      [...trades.values()].flatMap((trade) => {
        const rush = beginOfRush(trade);
        return rush !== null && isAsked(watch, rush.dayNo) ? alertOf(trade, rush) : [];
      }),
  };
}

interface Rush {
  readonly dayNo: number;
  /** Debits of the last week up to this day's end. */
  readonly late: number;
}

/** The first day at whose end the last week was a rush already; null where it never was. */
function beginOfRush({ before, late }: Trade): Rush | null {
  let sum = 0;
  for (const [dayNo, debits] of [...late].toSorted(([a], [b]) => a - b)) {
    sum += debits;
    if (sum >= atLeast && sum * 100 > percent * (sum + before)) return { dayNo, late: sum };
  }
  return null;
}

function alertOf({ partnerId, lastDayNo, before }: Trade, { dayNo, late }: Rush): Alert {
  const share = Math.floor((late * 100) / (late + before));
  const from = frenchDay(dayOfNo(lastDayNo - lastDays + 1));
  const end = frenchDay(dayOfNo(lastDayNo));
  return {
    kind: "RUSH_BEFORE_EXPIRY",
    partnerId,
    day: dayOfNo(dayNo),
    words: `${late} débits depuis le ${from} sur des avantages qui expirent le ${end}, contre ${before} pendant les ${beforeDays} jours d'avant : ${share} % de l'ensemble, pour ${EVEN_PERCENT} % si l'activité était régulière.`,
    figures: { late, before, sharePercent: share },
  };
}
