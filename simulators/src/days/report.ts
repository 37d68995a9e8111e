// Tells a failure so that somebody can find its fault: the seed, the rule, the shortest plan, its trace, and how to repeat it.

import { explain, type Violation } from "../checker/index.js";
import { type Judgement, judge } from "./judge.js";
import type { Plan } from "./plan.js";
import type { DayOptions } from "./run-plan.js";
import { shrink, TRIES_MAX } from "./shrink.js";

export interface Failure {
  readonly seed: number;
  readonly violation: Violation;
  /** The shortest plan that was found to break the same rule. */
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly tries: number;
}

/** Finds the shortest plan that breaks the rule which this one breaks first. Null where it breaks none. */
export async function shortestFailure(
  plan: Plan,
  options: DayOptions & { readonly triesMax?: number } = {},
): Promise<Failure | null> {
  const { triesMax = TRIES_MAX, ...dayOptions } = options;
  const first = (await judge(plan, dayOptions)).violations[0];
  if (first === undefined) return null;
  const broken = ({ violations }: Judgement) => violations.find(({ rule }) => rule === first.rule);
  const fails = async (shorter: Plan) => broken(await judge(shorter, dayOptions)) !== undefined;
  const { plan: shortest, tries } = await shrink({ plan, fails, triesMax });
  const judgement = await judge(shortest, dayOptions);
  const violation = broken(judgement) ?? first;
  return { seed: plan.seed, violation, plan: shortest, judgement, tries };
}

/** The report of a failure, line by line. */
export function reportOf(failure: Failure): readonly string[] {
  const { seed, violation, plan, judgement, tries } = failure;
  const { outcome } = judgement;
  const story = outcome === null ? [] : explain(violation, outcome.facts, outcome.ledger);
  return [
    `seed ${seed} breaks a rule: ${violation.rule}`,
    violation.found,
    "",
    `the shortest plan (${plan.acts.length} acts, ${plan.faults.length} faults; ${tries} tries):`,
    JSON.stringify(plan),
    "",
    "its trace (milliseconds since the day began, who, what):",
    ...(outcome?.trace ?? []),
    "",
    "of the violation alone:",
    ...story,
    "",
    `repeat the seed: npm run simulate -- --seeds 1 --from ${seed} --trace`,
  ];
}
