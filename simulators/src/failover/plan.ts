// Which faults a run makes, one after the other: drawn before it begins.

import type { Dice } from "../chaos/random.js";
import type { FaultKind } from "./fault.js";

/** After so many kills of the primary comes something else. */
const KILLS_BETWEEN = 2;

/**
 * Kills of the primary, and each other kind in turns between them.
 *
 * @param options.others what else may be done here
 */
export function planOf(options: {
  readonly kills: number;
  readonly others: readonly FaultKind[];
  readonly dice: Dice;
}): readonly FaultKind[] {
  const { kills, others, dice } = options;
  const plan: FaultKind[] = [];
  let left: FaultKind[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    plan.push("primary");
    if (kill % KILLS_BETWEEN !== 0 || others.length === 0) continue;
    // Each kind comes once before any comes again.
    if (left.length === 0) left = [...others];
    const next = dice.oneOf(left);
    left = left.filter((kind) => kind !== next);
    plan.push(next);
  }
  return plan;
}
