// Makes a plan that fails shorter: fewer faults, fewer acts, simpler deeds, as long as it breaks the same rule.

import type { Plan } from "./plan.js";
import { simplerPlans } from "./shrink/simpler.js";
import { withoutActs, withoutFaults } from "./shrink/without.js";

/** A plan is played at most so many times more to shorten it. */
export const TRIES_MAX = 400;

export interface Shrunk {
  readonly plan: Plan;
  readonly tries: number;
}

/**
 * Delta debugging (Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", 2002) over faults and acts,
 * then simpler deeds, over and over until nothing more can go.
 *
 * @param options.fails plays a plan and says whether it still breaks the rule.
 * @param options.triesMax the most plays.
 */
export async function shrink(options: {
  readonly plan: Plan;
  readonly fails: (plan: Plan) => Promise<boolean>;
  readonly triesMax?: number;
}): Promise<Shrunk> {
  const { fails, triesMax = TRIES_MAX } = options;
  let { plan } = options;
  let tries = 0;

  /** Takes up a shorter plan that still fails. */
  async function takes(shorter: Plan): Promise<boolean> {
    if (tries >= triesMax) return false;
    tries += 1;
    if (!(await fails(shorter))) return false;
    plan = shorter;
    return true;
  }

  /** Leaves out ever smaller parts of a list. */
  async function thin(
    count: () => number,
    without: (plan: Plan, from: number, until: number) => Plan,
  ): Promise<void> {
    for (let size = Math.ceil(count() / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = count() - size; from > -size && tries < triesMax; from -= size) {
        await takes(without(plan, Math.max(0, from), from + size));
      }
    }
  }

  async function simplify(): Promise<void> {
    for (let at = 0, candidates = simplerPlans(plan); at < candidates.length; at += 1) {
      const candidate = candidates[at];
      // What is simpler now is simpler in every way that comes later, too.
      if (candidate !== undefined && (await takes(candidate(plan))))
        candidates = simplerPlans(plan);
    }
  }

  for (let before = ""; before !== JSON.stringify(plan) && tries < triesMax; ) {
    before = JSON.stringify(plan);
    await thin(() => plan.faults.length, withoutFaults);
    await thin(() => plan.acts.length, withoutActs);
    await simplify();
  }
  return { plan, tries };
}
