// The one entry of the decision: equal input gives an equal decision.

import type { DecideInput } from "./attempt.js";
import { authorize } from "./authorize.js";
import type { Decided, Request } from "./decision.js";
import { inquire } from "./inquire.js";

/**
 * Goes up with every change of the rules by which the same input would be decided otherwise, and with every input that
 * earlier rules did not know. Version 1 knew neither suspensions nor the rest of the programme; it was never released,
 * and its decisions are told as not made again. Version 3 added holds.
 */
export const RULES_VERSION = 3;

/** Without holds, and taken at once, a sale is decided as it was under these. */
const WITHOUT_HOLDS = 2;

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

/**
 * Each version of the rules that stored decisions were made under. A changed rule is a new version beside the old, so
 * that what was decided under the old one can be proved.
 */
export const RULES: ReadonlyMap<number, typeof decide> = new Map([
  [WITHOUT_HOLDS, decide],
  [RULES_VERSION, decide],
]);
