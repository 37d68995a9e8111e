// A bucket lets its burst pass and then one each interval, whatever the others do and however often it is asked.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBuckets } from "./buckets.js";

describe("a bucket", () => {
  it("lets the burst pass, then says after how long the next may come", () => {
    const buckets = createBuckets({ burst: 3, intervalMs: 100, keysMax: 10 });
    expect([0, 0, 0, 10, 60].map((nowMs) => buckets.take("a", nowMs))).toEqual([0, 0, 0, 90, 40]);
    expect(buckets.take("a", 99)).toBe(1);
    expect(buckets.take("a", 100)).toBe(0);
    expect(buckets.take("a", 100)).toBe(100);
  });

  it("is full again after a silence, and never more than full", () => {
    const buckets = createBuckets({ burst: 2, intervalMs: 100, keysMax: 10 });
    buckets.take("a", 0);
    expect([1_000, 1_000, 1_000].map((nowMs) => buckets.take("a", nowMs))).toEqual([0, 0, 100]);
  });

  it("says whole milliseconds, and never to come again at once", () => {
    const buckets = createBuckets({ burst: 1, intervalMs: 1_000 / 3, keysMax: 10 });
    buckets.take("a", 0);
    expect(buckets.take("a", 333.3)).toBe(1);
    expect(buckets.take("a", 334.3)).toBe(0);
  });

  it("is one for each name", () => {
    const buckets = createBuckets({ burst: 1, intervalMs: 100, keysMax: 10 });
    expect(["a", "b", "a", "b"].map((key) => buckets.take(key, 0))).toEqual([0, 0, 100, 100]);
  });

  it("is forgotten when so many others were asked for since; the one that was asked for last is not", () => {
    const buckets = createBuckets({ burst: 1, intervalMs: 1_000, keysMax: 3 });
    for (const key of ["a", "b", "c"]) buckets.take(key, 0);
    // Asked in vain, and yet heard of: "b" is now the one that was silent longest.
    expect(buckets.take("a", 1)).toBe(999);
    buckets.take("d", 1);
    expect([buckets.take("a", 2), buckets.take("b", 2)]).toEqual([998, 0]);
  });

  it("never lets more pass in any span than its burst and one for each interval", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 60 }),
        (burst, intervalMs, gapsMs) => {
          const buckets = createBuckets({ burst, intervalMs, keysMax: 1 });
          const passed: number[] = [];
          let nowMs = 0;
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            const waitMs = buckets.take("a", nowMs);
            if (waitMs === 0) passed.push(nowMs);
            else expect(waitMs).toBeLessThanOrEqual(intervalMs);
          }
          for (const [from, fromMs] of passed.entries()) {
            const span = passed.slice(from);
            const lastMs = span.at(-1) ?? fromMs;
            const most = burst + Math.floor((lastMs - fromMs) / intervalMs);
            expect(span.length).toBeLessThanOrEqual(most);
          }
        },
      ),
    );
  });
});
