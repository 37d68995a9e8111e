// Whether an answer is a decision that stands, for codes of this version and of later ones.

import {
  classifyUnknown,
  type Decision,
  isPublicCode,
  publicRetryOf,
  type RetryClass,
} from "@pass-tpe/protocol";

type Verdict =
  /** Stored under its id: every repeat gets the same. */
  | "decided"
  /** Refused without a decision, and no repeat would change that. Says nothing about an earlier try. */
  | "refused"
  /** No decision that can be relied on: the id may have been decided, or may still be. */
  | "open";

/** Field 39 of an approval, whole or partial (ISO 8583:1987). */
const APPROVED = /^(?:00|10)$/;

/** Field 39 of what is still in progress, or came too late (ISO 8583:1987). */
const UNSETTLED = /^(?:09|68)$/;

/** What an answer is worth. One that contradicts itself is open: it must be taken neither as paid nor as not. */
export function verdictOf(answer: Decision): Verdict {
  const { outcome, iso39 } = answer;
  const answerClass = classifyUnknown(answer);
  if (outcome === "approved") {
    return APPROVED.test(iso39) && answerClass === "approved" ? "decided" : "open";
  }
  if (answerClass === "approved" || asksForSameId(answer)) return "open";
  if (answerClass === "declined") return "decided";
  return UNSETTLED.test(iso39) ? "open" : "refused";
}

/** Whether the gateway wants the same id again: it is not decided, or not yet. A known code goes by its own class. */
export function asksForSameId({ code, retry }: { code: string; retry: string }): boolean {
  const known = isPublicCode(code) ? publicRetryOf(code, {}) : retry;
  return known === ("SAMEKEY" satisfies RetryClass);
}
