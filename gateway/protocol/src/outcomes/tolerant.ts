// How a terminal reads a result code that is newer than itself.
import { isOutcomeCode, isPublicCode, outcomeSpec } from "./lookup.js";
import type { OutcomeKind } from "./types.js";

/** What an answer comes to, whatever its code. */
export type OutcomeClass = "approved" | "declined" | "technical";

const CLASS_OF_KIND: Readonly<Record<OutcomeKind, OutcomeClass>> = {
  approval: "approved",
  decline: "declined",
  technical: "technical",
};

/**
 * Approvals are spelled out and not taken from the first digit: in ISO 8583:1987, 01 to 07 are
 * refusals (03 invalid merchant, 05 do not honour), and none may ever be read as paid.
 */
const APPROVED = /^(?:00|10)$/;

/** 9x system, 68 answer too late, 09 still in progress: in none of them is there a decision. */
const TECHNICAL = /^(?:9\d|68|09)$/;

/**
 * The class of an answer: by its code where this version knows it, otherwise by field 39 (ISO
 * 8583:1987). Anything unforeseen is declined, so that new refusals never break an old till.
 */
export function classifyUnknown(answer: { code: string; iso39: string | null }): OutcomeClass {
  const { code, iso39 } = answer;
  if (isPublicCode(code) || isOutcomeCode(code)) return CLASS_OF_KIND[outcomeSpec(code).kind];
  if (iso39 === null) return "declined";
  if (APPROVED.test(iso39)) return "approved";
  return TECHNICAL.test(iso39) ? "technical" : "declined";
}
