// The measurement of pairs: it finds a difference that is there, and covers zero where there is none.

import { expect, it } from "vitest";
import { measurePairs, medianWithInterval } from "./pairs.js";

/** About so many microseconds of work. */
function spin(us: number): void {
  const untilNs = process.hrtime.bigint() + BigInt(us * 1_000);
  while (process.hrtime.bigint() < untilNs);
}

const options = { pairs: 400, random: Math.random, progress: () => undefined };

it("finds a difference, whichever goes first", async () => {
  const prepare = () => [() => spin(20), () => spin(120)] as const;
  const { lowUs, highUs } = await measurePairs({ ...options, prepare });
  expect(lowUs).toBeGreaterThan(50);
  expect(highUs).toBeGreaterThanOrEqual(lowUs);
});

it("gives an interval around the median by order alone", () => {
  const values = Float64Array.from({ length: 10_001 }, (_, index) => index - 5_000);
  const { medianUs, lowUs, highUs } = medianWithInterval(values);
  expect(medianUs).toBe(0);
  expect(lowUs).toBe(-98);
  expect(highUs).toBe(98);
});
