// Plays a plan and has the checker judge it: what came of it, and everything that must not be.

import { check, type Violation } from "../checker/index.js";
import type { Plan } from "./plan.js";
import { type DayOptions, type DayOutcome, runPlan } from "./run-plan.js";

/** A day that cannot be played to its end, because something threw that must not. */
export const PLAYED_RULE = "the day is played to its end";
/** What the checker cannot see: a promise that never settles. */
export const SETTLED_RULE = "everything that was begun comes to an end";

export interface Judgement {
  /** Null where the day could not be played. */
  readonly outcome: DayOutcome | null;
  readonly violations: readonly Violation[];
}

/** Never rejects: what threw is a violation. */
export async function judge(plan: Plan, options: DayOptions = {}): Promise<Judgement> {
  try {
    const outcome = await runPlan(plan, options);
    const { world, facts, ledger, unsettled } = outcome;
    const never = unsettled.map((found) => ({ rule: SETTLED_RULE, found, sale: null }));
    return { outcome, violations: [...check(world, facts, ledger), ...never] };
  } catch (thrown) {
    const found = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { outcome: null, violations: [{ rule: PLAYED_RULE, found, sale: null }] };
  }
}
