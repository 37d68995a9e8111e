// A start that takes longer than promised is found, and one that takes just as long is not.

import { expect, test } from "vitest";
import { slowStarts } from "./verdict.js";

test("the slowest of the starts that took too long is told", () => {
  expect(slowStarts({ readyMs: [900, 2_400, 2_100], readyMsMax: 2_000 })).toMatchObject([
    { found: "2 of 3 starts took longer than 2000 ms, the slowest 2400 ms" },
  ]);
});

test("starts in time are no violation", () => {
  expect(slowStarts({ readyMs: [900, 2_000], readyMsMax: 2_000 })).toEqual([]);
});
