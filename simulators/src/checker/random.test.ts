// Shows on days made by chance that the checker finds nothing where nothing is wrong, and each kind of fault where one is.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "./check.js";
import { RULE } from "./rule-words.js";
import { Dice } from "./test-kit/dice.js";
import type { DayDraft } from "./test-kit/draft.js";
import { randomDay } from "./test-kit/random-day.js";
import { SPOILS } from "./test-kit/spoils.js";

const violations = ({ world, facts, ledger }: DayDraft) => check(world, facts, ledger);

const aSeed = fc.integer();

describe("days made by chance", () => {
  it("have no violation where every rule was kept", () => {
    fc.assert(
      fc.property(aSeed, (seed) => {
        expect(violations(randomDay(seed))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it("have none either where the ledger does not tell the place of what came after a sale", () => {
    fc.assert(
      fc.property(aSeed, (seed) => {
        const day = randomDay(seed);
        for (const row of [...day.ledger.operations, ...day.ledger.reversals]) {
          row.afterAttempts = null;
        }
        expect(violations(day)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it.each(SPOILS)("are found out with $name", ({ rule, spoil }) => {
    fc.assert(
      fc.property(aSeed, (seed) => {
        const day = randomDay(seed);
        const dice = new Dice(seed);
        fc.pre(spoil(day, (list) => dice.pick(list)));
        expect(violations(day).map((one) => one.rule)).toContain(rule);
      }),
      { numRuns: 15, maxSkipsPerRun: 50 },
    );
  });

  it("can be spoiled against every rule", () => {
    const spoiled = new Set(SPOILS.map(({ rule }) => rule));
    expect([...spoiled].sort()).toEqual(Object.values(RULE).sort());
  });
});
