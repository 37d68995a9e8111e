// The longest time without an answer, around the instants at which something was broken.

import { expect, test } from "vitest";
import { longestGap } from "./gaps.js";

const span = { fromMs: 100, toMs: 200 };

test("a gap counts whole where it only begins or ends in the span", () => {
  expect(longestGap([10, 90, 150, 160, 400], span)).toBe(240);
  expect(longestGap([10, 140, 160, 210], span)).toBe(130);
});

test("a gap outside the span does not count", () => {
  expect(longestGap([0, 95, 105, 205, 999], span)).toBe(100);
});

test("one answer alone tells of no gap", () => {
  expect(longestGap([150], span)).toBe(null);
  expect(longestGap([], span)).toBe(null);
});
