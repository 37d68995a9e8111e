// A database that falls silent or goes by another time, as the gateway sees it.

import { expect, test } from "vitest";
import { virtualClock } from "../../tests/support/clock.js";
import type { After } from "./core/ports.js";
import { watchDatabase } from "./database-watch.js";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

function rig() {
  const clock = virtualClock(NOW_MS);
  const said: string[] = [];
  const note = (level: string) => () => void said.push(level);
  const timers: { delayMs: number; run: () => void }[] = [];
  const after: After = (delayMs, run) => {
    const timer = { delayMs, run };
    timers.push(timer);
    return () => {
      if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
    };
  };
  let answer: () => Promise<number> = async () => clock.nowMs();
  let unfit: string | null = null;
  let commitWaitsMs = 0;
  const watch = watchDatabase({
    database: {
      state: async () => ({ nowMs: await answer(), unfit }),
      commitWaitsMs: () => commitWaitsMs,
    },
    clock,
    after,
    log: { fatal: note("fatal"), error: note("error"), warn: note("warn") },
  });
  return {
    watch,
    said,
    clock,
    /** Lets the timers of one delay run. */
    pass(delayMs: number) {
      for (const timer of timers.splice(0)) {
        if (timer.delayMs === delayMs) timer.run();
        else timers.push(timer);
      }
    },
    waiting: () => timers.map(({ delayMs }) => delayMs),
    /** The database answers after a way there and back, by a clock that is behind this one. */
    answers({ behindMs = 0, tripMs = 0 }) {
      answer = async () => {
        clock.advance(tripMs / 2);
        const says = clock.nowMs() - behindMs;
        clock.advance(tripMs / 2);
        return says;
      };
    },
    is(why: string | null) {
      unfit = why;
    },
    commitWaits(waitsMs: number) {
      commitWaitsMs = waitsMs;
    },
    answersBy(promise: Promise<number>) {
      answer = () => promise;
    },
  };
}

/** The look and what follows it settle in a few turns of promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a clock as far from the database's as is allowed is believed, and none further, either way", async () => {
  const { watch, answers } = rig();
  for (const behindMs of [1_000, -1_000]) {
    answers({ behindMs });
    await watch.look();
    expect(watch.clockClosed()).toBeNull();
  }
  for (const [behindMs, said] of [
    [1_001, "1.0 s ahead of"],
    [-2_500, "2.5 s behind"],
  ] as const) {
    answers({ behindMs });
    await watch.look();
    expect(watch.clockClosed()?.detail).toContain(said);
    expect(watch.isSilent()).toBe(false);
    answers({});
    await watch.look();
    expect(watch.clockClosed()).toBeNull();
  }
});

test("what the way there and back took is no fault of a clock", async () => {
  const { watch, answers } = rig();
  answers({ behindMs: 1_400, tripMs: 1_000 });
  await watch.look();
  expect(watch.clockClosed()).toBeNull();
  answers({ behindMs: 1_600, tripMs: 1_000 });
  await watch.look();
  expect(watch.clockClosed()).not.toBeNull();
  // Neither is it a proof that the clock is right again.
  answers({ behindMs: 900, tripMs: 1_000 });
  await watch.look();
  expect(watch.clockClosed()).not.toBeNull();
});

test("a database that fails is silent until it answers, and each change is told once", async () => {
  const { watch, said, answers, answersBy } = rig();
  for (let times = 0; times < 3; times += 1) {
    answersBy(Promise.reject(new Error("gone")));
    await watch.look();
    expect(watch.isSilent()).toBe(true);
  }
  answers({});
  await watch.look();
  await watch.look();
  expect(watch.isSilent()).toBe(false);
  expect(said).toEqual(["error", "warn"]);
});

test("a server that must not be sold on is unfit until it is as it was, and each change is told once", async () => {
  const { watch, said, is } = rig();
  is("the PostgreSQL server replicates to nobody");
  await watch.look();
  await watch.look();
  expect(watch.unfit()).toBe("the PostgreSQL server replicates to nobody");
  is(null);
  await watch.look();
  await watch.look();
  expect(watch.unfit()).toBeNull();
  expect(said).toEqual(["fatal", "warn"]);
});

test("a commit is stuck that has waited for two seconds, and says for how long", () => {
  const { watch, commitWaits } = rig();
  commitWaits(2_000);
  expect(watch.stuck()).toBeNull();
  commitWaits(3_999);
  expect(watch.stuck()).toMatch(/for 3 s\. Operator: .*standby/);
  commitWaits(0);
  expect(watch.stuck()).toBeNull();
});

test("a database that takes too long is silent before it has answered, and its late answer counts for nothing", async () => {
  const { watch, clock, pass, answersBy } = rig();
  let answer = (_ms: number) => {};
  answersBy(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const looking = watch.look();
  clock.advance(2_001);
  pass(2_000);
  expect(watch.isSilent()).toBe(true);
  answer(NOW_MS);
  await looking;
  expect(watch.isSilent()).toBe(true);
});

test("looks again every second, one look at a time, until it is closed", async () => {
  const { watch, pass, waiting } = rig();
  expect(waiting()).toEqual([1_000]);
  pass(1_000);
  await settled();
  expect(waiting()).toEqual([1_000]);
  pass(1_000);
  watch.close();
  await settled();
  expect(waiting()).toEqual([]);
});
