// What authorizations without capture keep of a grant: until the very instant at which their holds expire.

import type { Effect } from "./decision.js";
import type { Hold } from "./model.js";

/** Whether a hold keeps nothing any more: from the instant that it names on. */
export function isExpired({ expiresAtMs }: Hold, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}

/** What holds keep of a grant now, in its unit. */
export function heldUnits(holds: readonly Hold[], grantId: string, nowMs: number): number {
  return holds
    .filter((hold) => hold.grantId === grantId && !isExpired(hold, nowMs))
    .reduce((sum, { units }) => sum + units, 0);
}

/** Writes down which holds are over, so that a clock that steps back makes none of them good again. */
export function expiries(holds: readonly Hold[], nowMs: number): readonly Effect[] {
  return holds.filter((hold) => isExpired(hold, nowMs)).map((hold) => endOf(hold, "expired"));
}

/** Ends a hold. */
export function endOf(hold: Hold, as: "captured" | "reversed" | "expired"): Effect {
  const { terminalId, attemptId, grantId, units } = hold;
  return { type: "endHold", terminalId, attemptId, grantId, units, as };
}
