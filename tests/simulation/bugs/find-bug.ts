// Plays seeds with a bug that was made on purpose until the checker sees it, and the seed that saw it without the bug.

import { expect } from "vitest";
import { drawPlan } from "../../../simulators/src/days/draw-plan.js";
import { judge, PLAYED_RULE } from "../../../simulators/src/days/judge.js";
import type { Plan } from "../../../simulators/src/days/plan.js";
import type { DayOptions } from "../../../simulators/src/days/run-plan.js";
import { FIRST_SEED, SEEDS } from "../seeds.js";

/** Most bugs are found by one of the first seeds. */
export const TIMEOUT_MS = 300_000;

/**
 * Tries the seeds of the continuous run, all of which are played without a bug there, and stops at the first that finds the bug. Prints which seeds were tried.
 *
 * @param options.bug the ports of one day with the bug in them.
 * @param options.needs picks the days in which the bug can strike at all: the others are left out.
 * @param options.rules at least one of them must be broken: the words of the checker.
 */
export async function expectFound(options: {
  readonly bug: () => DayOptions;
  readonly needs?: (plan: Plan) => boolean;
  readonly rules: readonly string[];
}): Promise<void> {
  const { bug, needs = () => true, rules } = options;
  const plans = Array.from({ length: SEEDS }, (_, at) => drawPlan(FIRST_SEED + at)).filter(needs);
  for (const [at, plan] of plans.entries()) {
    const { violations } = await judge(plan, bug());
    expect(violations.map(({ rule }) => rule)).not.toContain(PLAYED_RULE);
    const found = violations.find(({ rule }) => rules.includes(rule));
    if (found === undefined) continue;
    const tried = `${at + 1} of ${plans.length} seeds`;
    console.log(`found by seed ${plan.seed} (${tried}): ${found.rule}: ${found.found}`);
    expect((await judge(plan)).violations, `seed ${plan.seed} without the bug`).toEqual([]);
    return;
  }
  expect.fail(`none of ${plans.length} seeds from ${FIRST_SEED} has found the bug`);
}
