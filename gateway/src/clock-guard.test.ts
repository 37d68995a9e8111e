// A clock that jumps, one that is brought right slowly, and one that cannot be right at a start.

import { describe, expect, test } from "vitest";
import { virtualClock } from "../../tests/support/clock.js";
import {
  CLOCK_AHEAD_MAX_MS,
  CLOCK_TOLERANCE_MS,
  ClockError,
  checkClock,
  createClockGuard,
} from "./clock-guard.js";
import type { After } from "./core/ports.js";

const START_MS = Date.UTC(2023, 2, 14, 10);
const HOUR_MS = 3_600_000;

function rig() {
  const clock = virtualClock(START_MS);
  const said: string[] = [];
  const note = (level: string) => (_fields: unknown, text?: string) => {
    said.push(`${level}: ${text}`);
  };
  const log = { fatal: note("fatal"), warn: note("warn") };
  let due: (() => void) | null = null;
  const after: After = (_delayMs, run) => {
    due = run;
    return () => {
      due = null;
    };
  };
  const guard = createClockGuard({ clock, log, after });
  /** Lets time pass, second by second, while the wall clock gains so much in each. */
  function pass(seconds: number, gainMs = 0) {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000);
      clock.setNow(clock.nowMs() + gainMs);
      due?.();
    }
  }
  return { clock, guard, said, pass, isWatching: () => due !== null };
}

describe("a running gateway's clock", () => {
  test.each([
    ["ahead", HOUR_MS],
    ["back", -HOUR_MS],
    ["ahead by just too much", CLOCK_TOLERANCE_MS + 1],
  ])(
    "that jumps %s decides nothing, says so once, and is believed again once it is back",
    (_way, stepMs) => {
      const { clock, guard, said, pass } = rig();
      pass(10);
      expect(guard.closed()).toBeNull();
      clock.setNow(clock.nowMs() + stepMs);
      expect(guard.closed()?.detail).toMatch(/clock jumped by -?\d+ s.*Operator: set it right/);
      expect(guard.offMs()).toBe(stepMs);
      pass(10);
      expect(guard.closed()).not.toBeNull();
      expect(said).toEqual([expect.stringMatching(/^fatal: the clock jumped/)]);
      clock.setNow(clock.nowMs() - stepMs);
      expect(guard.closed()).toBeNull();
      expect(said).toHaveLength(2);
    },
  );

  test("is noticed without a sale, and no longer once the guard is closed", () => {
    const { clock, guard, said, pass, isWatching } = rig();
    clock.setNow(clock.nowMs() + HOUR_MS);
    pass(1);
    expect(said).toHaveLength(1);
    guard.close();
    expect(isWatching()).toBe(false);
  });

  test("that is brought right slowly stays believed, however far it goes in the end", () => {
    const { guard, said, pass } = rig();
    pass(3_600, 80);
    pass(3_600, -80);
    expect(guard.closed()).toBeNull();
    expect(said).toEqual([]);
  });

  test("that creeps in small steps is not believed: it goes faster than a time service would move it", () => {
    const { guard, pass } = rig();
    pass(5, 2_000);
    expect(guard.closed()).not.toBeNull();
  });

  test("may step by a little", () => {
    const { clock, guard } = rig();
    clock.setNow(clock.nowMs() - CLOCK_TOLERANCE_MS);
    expect(guard.closed()).toBeNull();
  });
});

describe("at a start, a clock", () => {
  const said: unknown[] = [];
  const log = { warn: (fields: unknown) => void said.push(fields) };
  const check = (aheadMs: number, isSaidRight = false) =>
    checkClock({ nowMs: START_MS + aheadMs, lastMs: START_MS }, { isSaidRight, log });

  test.each([
    ["behind the last decision", -CLOCK_TOLERANCE_MS - 1],
    ["too far ahead of it", CLOCK_AHEAD_MAX_MS + 1],
  ])(
    "%s is refused, unless the operator says that it is right, which is logged",
    (_way, aheadMs) => {
      expect(() => check(aheadMs)).toThrow(ClockError);
      expect(() => check(aheadMs)).toThrow(/Operator: set the clock.*--clock-is-right/);
      said.length = 0;
      check(aheadMs, true);
      expect(said).toEqual([{ nowMs: START_MS + aheadMs, lastMs: START_MS }]);
    },
  );

  test.each([-CLOCK_TOLERANCE_MS, 0, CLOCK_AHEAD_MAX_MS])("%d ms ahead is believed", (aheadMs) => {
    expect(() => check(aheadMs)).not.toThrow();
  });

  test("has nothing to be held to in an empty ledger", () => {
    expect(() =>
      checkClock({ nowMs: START_MS, lastMs: null }, { isSaidRight: false, log }),
    ).not.toThrow();
  });
});

test("a process that is stopped between its readings of the two clocks takes nothing for a jump", () => {
  const virtual = virtualClock(START_MS);
  let stopMs = 0;
  const clock = {
    nowMs: virtual.nowMs,
    monotonicMs() {
      const readMs = virtual.monotonicMs();
      virtual.advance(stopMs);
      stopMs = 0;
      return readMs;
    },
  };
  const said: unknown[] = [];
  const note = (fields: unknown) => void said.push(fields);
  const guard = createClockGuard({
    clock,
    log: { fatal: note, warn: note },
    after: () => () => {},
  });
  stopMs = HOUR_MS;
  expect(guard.closed()).toBeNull();
  expect(said).toEqual([]);
});
