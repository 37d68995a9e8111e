// @ts-check
// Waits until nothing of an earlier part runs any more: a gateway seals and checkpoints behind the sales.
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMsOf } from "./scale/process-figures.mjs";

const LOOK_EVERY_MS = 150;
/** Between two looks: one tick of the clock that /proc counts in, for timers that fire anyway. */
const IDLE_CPU_MS = 10;

/**
 * @param {object} options
 * @param {() => readonly number[]} options.pids of the processes, some of which may have ended
 * @param {number} options.idleMs for how long they must have done nothing
 * @param {number} options.limitMs
 * @returns {Promise<boolean>} whether they are idle; false where they were still busy after limitMs
 */
export async function waitUntilIdle({ pids, idleMs, limitMs }) {
  const givesUpMs = performance.now() + limitMs;
  let before = cpuMsOfAll(pids());
  let sinceMs = performance.now();
  while (performance.now() < givesUpMs) {
    await sleep(LOOK_EVERY_MS);
    const now = cpuMsOfAll(pids());
    if (Math.abs(now - before) > IDLE_CPU_MS) sinceMs = performance.now();
    before = now;
    if (performance.now() - sinceMs >= idleMs) return true;
  }
  return false;
}

/** @param {readonly number[]} pids */
function cpuMsOfAll(pids) {
  return pids.reduce((sum, pid) => sum + cpuMsOrNone(pid), 0);
}

/** @param {number} pid */
function cpuMsOrNone(pid) {
  try {
    return cpuMsOf(pid);
  } catch {
    return 0;
  }
}
