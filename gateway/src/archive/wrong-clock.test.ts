// A clock that is ahead for a while: it takes no history away, and what comes after it can be restored.

import { expect, it } from "vitest";
import {
  archiveBenches,
  type Bench,
  DAY_MS,
  HOUR_MS,
} from "../../../tests/support/archive-bench.js";
import { basesIn } from "./folder.js";

const DAYS = 10;
const AHEAD_MS = 30 * DAY_MS;

/** Ten days of bases, and a commit after each. */
async function tenDays(options: Parameters<ReturnType<typeof archiveBenches>["open"]>[2] = {}) {
  const benches = archiveBenches();
  const bench = await benches.open("data", undefined, options);
  for (let day = 0; day < DAYS; day += 1) {
    await bench.commit();
    await bench.runWithBase();
    benches.time.nowMs += DAY_MS;
  }
  return { ...benches, bench };
}

const numbersIn = ({ paths }: Bench) => basesIn(paths).map(({ no }) => no);

it("removes nothing by it, and makes a base as soon as it is right again", async () => {
  const { bench, time, restoredCommits } = await tenDays({ keepDays: 5 });
  const before = numbersIn(bench);
  const rightMs = time.nowMs;
  time.nowMs += AHEAD_MS;
  await bench.commit();
  await bench.runWithBase();
  expect(numbersIn(bench)).toEqual([...before, DAYS + 1]);
  time.nowMs = rightMs;
  await bench.commit();
  await bench.runWithBase();
  time.nowMs += HOUR_MS;
  await bench.commit();
  await bench.archiver.run();
  const last = { commits: DAYS + 3, stopped: null };
  expect(await restoredCommits(bench.archive, time.nowMs)).toEqual(last);
  expect(await restoredCommits(bench.archive)).toEqual(last);
});

it("makes and removes no base while it is known to be wrong", async () => {
  let isRight = true;
  const { bench, time } = await tenDays({ keepDays: 5, isClockRight: () => isRight });
  const before = numbersIn(bench);
  isRight = false;
  time.nowMs += AHEAD_MS;
  await bench.commit();
  await bench.archiver.run();
  await expect(bench.archiver.makeBase()).rejects.toThrow("set the clock right");
  expect(numbersIn(bench)).toEqual(before);
});

it("a restore says that an instant before it went back does not tell what belongs to it", async () => {
  const { open, time, restoredCommits } = archiveBenches();
  const bench = await open("data");
  await bench.commit();
  await bench.runWithBase();
  time.nowMs += HOUR_MS;
  await bench.commit();
  await bench.archiver.run();
  time.nowMs -= HOUR_MS / 2;
  await bench.commit();
  await bench.archiver.run();
  expect(await restoredCommits(bench.archive, time.nowMs)).toEqual({
    commits: 1,
    stopped: expect.stringContaining("the gateway's clock was at 2026-09-01T01:00:00.000Z"),
  });
});
