// What a restore lost, in memory.

import { assert } from "../../core/assert.js";
import type { GapDay, GapDriver } from "../gap/driver.js";
import { keyOf, type Tables } from "./tables.js";

/** Builds gaps over tables. */
export function memoryGaps(tables: Tables): GapDriver {
  const { gaps, gapDays, terminals, attempts } = tables;
  return {
    all: () => gaps.values().toSorted((a, b) => a.no - b.no),
    open(gap) {
      assert(!gaps.has(String(gap.no)), "a gap is opened once");
      gaps.put(String(gap.no), { ...gap, servedAtMs: null, reconciled: null, signed: null });
    },
    serve(no, servedAtMs) {
      const gap = gaps.get(String(no));
      assert(gap?.servedAtMs === null, "a gap is served for the first time once");
      gaps.put(String(no), { ...gap, servedAtMs });
    },
    end(no, how, end) {
      const gap = gaps.get(String(no));
      assert(gap?.[how] === null, "a gap ends in one way once");
      gaps.put(String(no), { ...gap, [how]: end });
    },
    putDay(day) {
      assert(gaps.has(String(day.gapNo)), "a compared day belongs to a gap");
      gapDays.put(keyOf(String(day.gapNo), keyOf(day.terminalId, day.day)), day);
    },
    days: (gapNo) =>
      gapDays
        .values()
        .filter((day) => day.gapNo === gapNo)
        .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    terminalsSince(sinceMs) {
      const active = terminals.values().filter(({ status }) => status === "active");
      const selling = attempts
        .values()
        .filter(({ kind, decidedAtMs }) => kind === "authorization" && decidedAtMs >= sinceMs);
      const ids = [...active.map(({ id }) => id), ...selling.map(({ terminalId }) => terminalId)];
      return [...new Set(ids)].sort();
    },
  };
}

const placeOf = ({ terminalId, day }: GapDay): string => keyOf(terminalId, day);
