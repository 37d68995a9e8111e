// What a plan does to tills' disks: which use of a disk fails, in which use the process dies, and what then is left.

import type { Hands } from "../hands.js";
import type { Plan } from "../plan.js";
import { streamOf } from "../world/random.js";
import type { DiskWeather } from "../world/terminal-disk.js";
import { faultsOf, placeOf } from "./of-type.js";
import { tell } from "./told.js";

/** A use of a disk where nothing is wrong. */
const USE_MS = { min: 1, max: 8 };
/** So much later somebody has seen that the till's journal failed, and ends it. */
const NOTICED_MS = 1_500;

/** Turns what a plan does to a till's disk into weather; uses are counted through all lives of its process. */
export function terminalDiskOf(plan: Plan, hands: Hands): (terminal: string) => DiskWeather {
  const known = new Map<string, DiskWeather>();
  return (terminal) => {
    const found =
      known.get(terminal) ?? diskOf(plan, { hands, terminal, place: placeOf(terminal) });
    known.set(terminal, found);
    return found;
  };
}

function diskOf(
  plan: Plan,
  options: { hands: Hands; terminal: string; place: number },
): DiskWeather {
  const { hands, terminal, place } = options;
  const isOwn = (fault: { terminal: number }) => fault.terminal === place;
  const failures = new Map(
    faultsOf(plan.faults, "terminalDiskFails")
      .filter(isOwn)
      .map(({ diskUse, downMs }) => [diskUse, downMs]),
  );
  const deaths = new Map(
    faultsOf(plan.faults, "terminalDies")
      .filter(isOwn)
      .flatMap(({ when, downMs }) => ("diskUse" in when ? [[when.diskUse, downMs] as const] : [])),
  );
  let uses = 0;
  let died = 0;
  /** Set where the next write or sync fails: not every use of a disk is one. */
  let failsFor: number | null = null;

  return {
    delayMs() {
      uses += 1;
      const takesMs = streamOf(plan.seed, `${terminal} disk ${uses}`).integer(
        USE_MS.min,
        USE_MS.max,
      );
      if (hands.nowMs() >= plan.healsAtMs) return takesMs;
      failsFor = failures.get(uses) ?? failsFor;
      const downMs = deaths.get(uses);
      const use = uses;
      if (downMs !== undefined) {
        hands.after(takesMs / 2, () => {
          if (!hands.killTerminal(place, downMs)) return;
          tell(hands, "terminalDiesAtDisk", `${terminal}, in use ${use} of its disk`);
        });
      }
      return takesMs;
    },
    fails() {
      const downMs = failsFor;
      if (downMs === null) return false;
      failsFor = null;
      tell(hands, "terminalDiskFails", terminal);
      hands.after(NOTICED_MS, () => hands.killTerminal(place, downMs));
      return true;
    },
    keptAtDeath(bytes) {
      died += 1;
      const luck = streamOf(plan.seed, `${terminal} kept at death ${died}`);
      return luck.pick([0, bytes, luck.integer(0, bytes)]);
    },
  };
}
