// Shows that a hold's row may be there or gone once it is over, and not before.

import { expect, it } from "vitest";
import { check } from "../check.js";
import { RULE } from "../rule-words.js";
import { DayWriter } from "../test-kit/day-writer.js";

const HOLD_MS = 1_800_000;

it.each([
  { waitMs: HOLD_MS, rules: [] },
  { waitMs: HOLD_MS - 10_000, rules: [RULE.holdKept] },
])("of a hold that is gone after $waitMs ms it says $rules", ({ waitMs, rules }) => {
  const writer = new DayWriter();
  writer.sale({ holds: true });
  writer.wait(waitMs);
  const { world, facts, ledger } = writer.close();
  expect(check(world, facts, ledger)).toEqual([]);
  const gone = { ...ledger, holds: [] };
  expect(check(world, facts, gone).map(({ rule }) => rule)).toEqual(rules);
});

it("lets a hold be over for an account whose time a clock that was ahead has moved on", () => {
  const writer = new DayWriter();
  writer.sale({ purchaseCents: 2000, holds: true });
  writer.sale({ purchaseCents: 10 });
  const { world, facts, ledger } = writer.close();
  const gone = { ...ledger, holds: [] };
  expect(check(world, facts, gone).map(({ rule }) => rule)).toEqual([RULE.holdKept]);
  const [, later] = gone.attempts;
  if (later) later.decidedAtMs += HOLD_MS;
  expect(check(world, facts, gone)).toEqual([]);
});
