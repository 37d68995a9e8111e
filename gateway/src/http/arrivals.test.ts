// What lay unread while the process was busy is counted from when it came, and nothing else is.

import { expect, test } from "vitest";
import { watchArrivals } from "./arrivals.js";

function rig() {
  let nowMs = 1_000;
  let due: { atMs: number; run: () => void } | null = null;
  const reading: (() => void)[] = [];
  const arrivals = watchArrivals({
    monotonicMs: () => nowMs,
    afterReading: (run) => void reading.push(run),
    after(delayMs, run) {
      due = { atMs: nowMs + delayMs, run };
      return () => {
        due = null;
      };
    },
  });
  /** Time passes, in which the process does nothing but what it is busy with. */
  function busy(ms: number) {
    nowMs += ms;
    if (due && due.atMs <= nowMs) due.run();
  }
  /** Time passes, and the sockets have their turn before any timer. */
  const stopped = (ms: number) => {
    nowMs += ms;
  };
  const read = () => {
    for (const run of reading.splice(0)) run();
  };
  return { arrivals, busy, stopped, read, isWatching: () => due !== null };
}

test("a request that is read after a long commit may have waited as long as that", () => {
  const { arrivals, busy, read } = rig();
  busy(2_020);
  expect(arrivals.unreadMs()).toBe(2_000);
  read();
  expect(arrivals.unreadMs()).toBe(0);
});

test("a request that is read before the tick that is overdue may have waited as long as that", () => {
  const { arrivals, stopped } = rig();
  stopped(2_520);
  expect(arrivals.unreadMs()).toBe(2_500);
});

test("a process that has time reads at once", () => {
  const { arrivals, busy } = rig();
  busy(20);
  expect(arrivals.unreadMs()).toBe(0);
  busy(5);
  expect(arrivals.unreadMs()).toBe(0);
});

test("nothing is watched once it is closed", () => {
  const { arrivals, isWatching } = rig();
  arrivals.close();
  expect(isWatching()).toBe(false);
});
