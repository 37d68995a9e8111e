// Amounts and quantities as French writes them.

import { expect, test } from "vitest";
import { eurosWords, quantityWords } from "./french-words.js";

test.each([
  [0, "0,00\u00a0€"],
  [123_456, "1\u202f234,56\u00a0€"],
  [-100_000_000, "-1\u202f000\u202f000,00\u00a0€"],
])("%i cents are %j", (cents, words) => {
  expect(eurosWords(cents)).toBe(words);
});

test.each([
  ["EUR_CENT", 199, "1,99 euro"],
  ["EUR_CENT", 200, "2,00 euros"],
  ["SEAT", 1, "1 place"],
  ["SEAT", 2, "2 places"],
  ["COUPON", -2, "-2 coupons"],
  ["RECORD", -1, "-1 usage"],
  ["UNLIMITED", 1, "1 usage"],
] as const)("%s: %i are %j", (unit, units, words) => {
  expect(quantityWords({ unit, units })).toBe(words);
});
