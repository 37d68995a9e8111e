// A plan that fails is made short, and still fails by the same rule; what is left of it fits together.

import { describe, expect, it } from "vitest";
import { drawPlan } from "../../simulators/src/days/draw-plan.js";
import type { Plan } from "../../simulators/src/days/plan.js";
import { withoutActs } from "../../simulators/src/days/shrink/without.js";
import { shrink } from "../../simulators/src/days/shrink.js";

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed);

/** What every plan must keep: an act is about a sale that comes before it. */
function expectSound({ acts, stock }: Plan): void {
  for (const [place, { deed, terminal }] of acts.entries()) {
    expect(terminal).toBeLessThan(stock.terminals);
    const of =
      "of" in deed
        ? deed.of
        : deed.type === "sale" && deed.mishap?.type === "replay"
          ? deed.mishap.of
          : null;
    if (of === null) continue;
    expect(of).toBeLessThan(place);
    expect(acts[of]?.deed.type).toBe("sale");
    if ("of" in deed) expect(acts[of]?.terminal).toBe(terminal);
  }
}

describe("shrink", () => {
  it("draws sound plans, and leaves out acts soundly", () => {
    for (const seed of SEEDS) {
      const plan = drawPlan(seed);
      expectSound(plan);
      expectSound(withoutActs(plan, 2, 9));
    }
  });

  it("finds the one fault and the two acts that a failure needs", async () => {
    const plan = drawPlan(9);
    const refund = plan.acts.find(({ deed }) => deed.type === "refund");
    const fault = plan.faults.at(3);
    expect(refund && fault).toBeDefined();
    const fails = async ({ acts, faults }: Plan) =>
      acts.some(({ deed }) => deed.type === "refund") &&
      faults.some((one) => one.type === fault?.type);
    const { plan: shortest, tries } = await shrink({ plan, fails });
    expect(shortest.faults).toHaveLength(1);
    expect(shortest.acts.map(({ deed }) => deed.type)).toEqual(["sale", "refund"]);
    expectSound(shortest);
    expect(tries).toBeLessThan(200);
  });

  it("stops at its limit, with what it has", async () => {
    const plan = drawPlan(9);
    let played = 0;
    const fails = async () => {
      played += 1;
      return false;
    };
    expect((await shrink({ plan, fails, triesMax: 7 })).plan).toEqual(plan);
    expect(played).toBe(7);
  });
});
