// Tests of the demo's own judgement: a sale that went otherwise than it should is named.

import { expect, test } from "vitest";
import { faultsOf } from "./sales.js";

test("a result as expected has no fault", () => {
  expect(
    faultsOf("a sale", { outcome: "approved", amountCents: 1 }, { outcome: "approved" }),
  ).toEqual([]);
});

test("each field that differs is named with both values", () => {
  const told = { outcome: "declined", code: "NO_CARD" };
  expect(faultsOf("a sale", told, { outcome: "approved", amountCents: 1_800 })).toEqual([
    "a sale: outcome is declined, expected approved",
    "a sale: amountCents is undefined, expected 1800",
  ]);
});
