// Five tries are free; then each wait is twice the one before, up to a day; a day after its wait a count lapses.

import { describe, expect, it } from "vitest";
import { FREE_TRIES, NO_TRIES, type Tries, waitMs, withTry } from "./login-throttle.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** The waits after each of so many tries, each made as soon as it may be. */
function waitsAfter(count: number): readonly number[] {
  const waits: number[] = [];
  let tries: Tries = NO_TRIES;
  let nowMs = 1_000_000;
  for (let made = 0; made < count; made += 1) {
    tries = withTry(tries, nowMs);
    waits.push(waitMs(tries, nowMs));
    nowMs += waitMs(tries, nowMs);
  }
  return waits;
}

describe("tries of a password", () => {
  it("are free at first, then wait a minute, two, four, up to a day", () => {
    const waits = waitsAfter(20);
    expect(waits.slice(0, FREE_TRIES + 2)).toEqual([
      ...Array.from({ length: FREE_TRIES - 1 }, () => 0),
      MINUTE_MS,
      2 * MINUTE_MS,
      4 * MINUTE_MS,
    ]);
    expect(waits.slice(-3)).toEqual([DAY_MS, DAY_MS, DAY_MS]);
  });

  it("stay at a day however many there were", () => {
    const many = withTry({ failures: 5_000, nextTryAtMs: 0 }, 0);
    expect(waitMs(many, 0)).toBe(DAY_MS);
  });

  it.each([1, FREE_TRIES - 1, FREE_TRIES, 20])(
    "are forgotten a day after the next one might have been made: %i of them",
    (count) => {
      let tries: Tries = NO_TRIES;
      for (let made = 0; made < count; made += 1) tries = withTry(tries, tries.nextTryAtMs);
      const lapsesAtMs = tries.nextTryAtMs + DAY_MS;
      expect(withTry(tries, lapsesAtMs - 1).failures).toBe(count + 1);
      expect(withTry(tries, lapsesAtMs).failures).toBe(1);
    },
  );

  it("are looked at where the clock was far ahead and put back, and wait as any from then on", () => {
    const ahead = withTry({ failures: 4, nextTryAtMs: 400 * DAY_MS }, 400 * DAY_MS);
    expect(waitMs(ahead, 0)).toBe(0);
    const mended = withTry(ahead, 0);
    expect([mended.failures, waitMs(mended, 0), waitMs(mended, 2 * MINUTE_MS)]).toEqual([
      6,
      2 * MINUTE_MS,
      0,
    ]);
  });

  it("that are free cost no wait where the clock was put back by an hour", () => {
    const ahead = withTry(NO_TRIES, 60 * MINUTE_MS);
    expect(waitMs(ahead, 0)).toBe(0);
  });
});
