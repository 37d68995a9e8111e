// Questions about a result code: its spec, its public face, its place in the order, its retry class.
import { bug } from "./bug.js";
import { type ListedOutcome, OUTCOMES, type OutcomeCode, type PublicCode } from "./codes.js";
import type { OutcomeParams } from "./params.js";
import { PUBLIC_GROUPS } from "./public-groups.js";
import type { OutcomeSpec, RetryClass } from "./types.js";
import { variantFor } from "./variant.js";

type ShownOutcome = Exclude<ListedOutcome, { publicCode: string }>;

const shownToTills = (spec: ListedOutcome): spec is ShownOutcome => !("publicCode" in spec);

/** Every code that a till may get: those that hide nothing, in order of precedence, then the groups. */
export const PUBLIC_CODES: readonly PublicCode[] = [
  ...OUTCOMES.filter(shownToTills).map((spec) => spec.code),
  ...PUBLIC_GROUPS.map((group) => group.code),
];

const SPECS: ReadonlyMap<string, OutcomeSpec> = new Map(
  [...OUTCOMES, ...PUBLIC_GROUPS].map((spec) => [spec.code, spec]),
);
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  OUTCOMES.map((spec, index) => [spec.code, index]),
);
const PUBLIC_CODE_SET: ReadonlySet<string> = new Set(PUBLIC_CODES);

/** Whether this version of the protocol knows the text as a code that tills get. */
export function isPublicCode(text: string): text is PublicCode {
  return PUBLIC_CODE_SET.has(text);
}

/** Whether this version of the protocol knows the text as a precise code. */
export function isOutcomeCode(text: string): text is OutcomeCode {
  return PRECEDENCE.has(text);
}

/** The spec of a precise code, or of the public code of a group. */
export function outcomeSpec(code: OutcomeCode | PublicCode): OutcomeSpec {
  return (
    SPECS.get(code) ?? bug(`no outcome has the code ${code}; check it with isOutcomeCode first`)
  );
}

/** The code that a till gets for this one; a public code is its own. */
export function publicCodeOf(code: OutcomeCode | PublicCode): PublicCode {
  const shown = outcomeSpec(code).publicCode ?? code;
  return isPublicCode(shown) ? shown : bug(`${code} has neither a public code nor is it one`);
}

/** The spec of what a till gets for this code. */
export function publicSpecOf(code: OutcomeCode | PublicCode): OutcomeSpec {
  return outcomeSpec(publicCodeOf(code));
}

/** Default field 39 (ISO 8583:1987) on the wire, never a pick-up code; null for what is not sent. */
export function publicIso39Of(code: OutcomeCode | PublicCode): string | null {
  return publicSpecOf(code).iso39;
}

/** Place in the order of evaluation, from 0; of two codes that apply, the lower one is the answer. */
export function precedenceOf(code: OutcomeCode): number {
  return PRECEDENCE.get(code) ?? bug(`no outcome has the code ${code}`);
}

/** What may be done after this code, for the operator: the precise code's own class. */
export function retryOf(code: OutcomeCode | PublicCode, params: OutcomeParams): RetryClass {
  const spec = outcomeSpec(code);
  return variantFor(spec, params)?.retry ?? spec.retry;
}

/** What a till is told that it may do after this code. */
export function publicRetryOf(code: OutcomeCode | PublicCode, params: OutcomeParams): RetryClass {
  return retryOf(publicCodeOf(code), params);
}

/** Whether the till itself can try again: at once, changed, otherwise or later. */
export function isRetryable(retry: RetryClass): boolean {
  switch (retry) {
    case "NONE":
    case "NO":
    // Someone must first act elsewhere: trying again from here would only be refused again.
    case "ACTION":
      return false;
    case "NOW":
    case "AMEND":
    case "OTHER":
    case "LATER":
    case "SAMEKEY":
    case "NEWKEY":
    case "REVERSE":
      return true;
  }
}
