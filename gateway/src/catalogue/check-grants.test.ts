// Tests of the check that keeps a wrong load from becoming money.

import { expect, test } from "vitest";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { checkGrants } from "./check-grants.js";
import { windowOfDays } from "./civil-dates.js";

const GOOD = {
  id: "g-1",
  avantage: "SPECTACLE",
  campaign: "2022/2023",
  unit: "EUR_CENT",
  amount: 3_000,
  window: windowOfDays("2022-09-01", "2023-06-30"),
} as const;

test("a grant that fits the programme passes", () => {
  expect(() => checkGrants(TEST_PROGRAMME, [GOOD])).not.toThrow();
});

test.each([
  ["an unknown avantage", { avantage: "INCONNU" }, /no avantage INCONNU/],
  ["another unit", { unit: "SEAT" }, /counted in EUR_CENT, not in SEAT/],
  ["a part of a cent", { amount: 30.5 }, /30.5 is not a whole amount/],
  ["less than nothing", { amount: -1 }, /-1 is not a whole amount/],
  ["an unknown campaign", { campaign: "1999/2000" }, /no campaign 1999\/2000/],
  ["a window that ends first", { window: { ...GOOD.window, toMs: 0 } }, /ends before it begins/],
] as const)("%s is refused with its grant and the reason", (_what, wrong, reason) => {
  expect(() => checkGrants(TEST_PROGRAMME, [GOOD, { ...GOOD, id: "g-2", ...wrong }])).toThrow(
    reason,
  );
  expect(() => checkGrants(TEST_PROGRAMME, [{ ...GOOD, id: "g-2", ...wrong }])).toThrow(/g-2/);
});
