// The one entry of the decision: equal input gives an equal decision.

import { type DecideInput, type Rules, TODAYS_RULES } from "./attempt.js";
import { authorize } from "./authorize.js";
import type { Decided, Request } from "./decision.js";
import { inquire } from "./inquire.js";

/**
 * Goes up with every change of the rules by which the same input would be decided otherwise, and with every input that
 * earlier rules did not know. Version 1 knew neither suspensions nor the rest of the programme; it was never released,
 * and its decisions are told as not made again. Version 3 added holds. Version 4 asks for the code secret after a tap
 * above its ceiling, and tells a tap that has ceilings no balance.
 */
export const RULES_VERSION = 4;

/** Of versions 2 and 3. Without holds, and taken at once, a sale is decided by version 2 as it is by version 3. */
const WITHOUT_STEP_UP: Rules = { stepUp: false, weakTapToldBalance: true };

/**
 * Decides a sale or an inquiry from what was asked, what verification found, what the store holds, the instant and
 * the programme. Pure: any past decision can be made again from its stored input.
 */
export function decide(input: DecideInput<Request>): Decided {
  const { request } = input;
  switch (request.kind) {
    case "authorization":
      return authorize({ ...input, request });
    case "inquiry":
      return inquire({ ...input, request });
  }
}

const decideBy = (rules: Rules) => (input: DecideInput<Request>) => decide({ ...input, rules });

/**
 * Each version of the rules that stored decisions were made under. A changed rule is a new version beside the old, so
 * that what was decided under the old one can be proved.
 */
export const RULES: ReadonlyMap<number, typeof decide> = new Map([
  [2, decideBy(WITHOUT_STEP_UP)],
  [3, decideBy(WITHOUT_STEP_UP)],
  [RULES_VERSION, decideBy(TODAYS_RULES)],
]);
