// A clock that stands still until a test moves it.

import type { Clock } from "../../gateway/src/core/ports.js";

export interface VirtualClock extends Clock {
  /** Moves both readings on. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as a step of a time service does. */
  setNow(nowMs: number): void;
}

/** A clock at an instant, Unix milliseconds. */
export function virtualClock(startMs: number): VirtualClock {
  let now = startMs;
  let monotonic = 0;
  return {
    nowMs: () => now,
    monotonicMs: () => monotonic,
    advance(ms) {
      now += ms;
      monotonic += ms;
    },
    setNow(nowMs) {
      now = nowMs;
    },
  };
}
