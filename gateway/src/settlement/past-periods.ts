// Which periods are too long ago to be settled: nothing could be in them, or a later one has taken in what was.

import type { SettlementResult, SettlementStore } from "../core/settlement/ports.js";
import { createCutoffs } from "./calendar.js";
import { accrueAll } from "./close-period.js";
import type { SettlementsOptions } from "./options.js";

/**
 * Builds what refuses such a period; null for any other. A settlement that is in the books may always be gone on with,
 * and the last period that is over may be settled where nothing was ever sold.
 */
export function createPastPeriods(
  options: Pick<SettlementsOptions, "programme" | "clock"> & {
    readonly store: Pick<SettlementStore, "settlements" | "accrue" | "lines">;
  },
): (lastDay: string) => Promise<SettlementResult | null> {
  const { store, programme, clock } = options;
  const cutoffs = createCutoffs(programme.settings.settlement.lastWeekday);

  async function hasMovedBefore(toMs: number): Promise<boolean> {
    await accrueAll(store);
    for await (const _line of store.lines({ toMs })) return true;
    return false;
  }

  return async (lastDay) => {
    const period = cutoffs.periodEndingOn(lastDay);
    if (period === null) return null;
    const { cutoffMs } = period;
    const known = await store.settlements();
    if (known.some((settlement) => settlement.lastDay === lastDay)) return null;
    const later = known.find((settlement) => settlement.cutoffMs > cutoffMs);
    if (later)
      return closed(`the later period that ended on ${later.lastDay} takes in what is of it`);
    if (cutoffMs >= cutoffs.lastClosed(clock.nowMs()).cutoffMs) return null;
    if (await hasMovedBefore(cutoffMs)) return null;
    return closed("nothing had been sold by then");
  };

  function closed(why: string): SettlementResult {
    const last = cutoffs.lastClosed(clock.nowMs()).lastDay;
    const detail = `${why}: the last period that is over ended on ${last}`;
    return { type: "refused", code: "PERIOD_CLOSED", detail };
  }
}
