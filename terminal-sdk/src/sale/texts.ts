// From a code, an answer or a problem document to the texts and classes that a result carries.

import {
  type Actor,
  classifyUnknown,
  type Decision,
  isPublicCode,
  type Lines,
  type OutcomeParams,
  outcomeSpec,
  type Problem,
  type PublicCode,
  publicIso39Of,
  publicRetryOf,
  type RetryClass,
  renderOutcome,
} from "@pass-tpe/protocol";
import type { Said } from "../client/owed-queue.js";
import { connectionError } from "./connection-fault.js";
import type { ResultTexts } from "./results.js";

/** What a refusal says, whoever refused. */
export interface RefusalTexts extends ResultTexts {
  readonly retry: RetryClass;
  readonly retryAfterMs?: number;
  readonly actor: Actor;
}

/** The texts of a code that the terminal gives by itself. */
export function localRefusal(code: PublicCode, params: OutcomeParams = {}): RefusalTexts {
  return {
    ...localTexts(code, params),
    retry: publicRetryOf(code, params),
    actor: outcomeSpec(code).actor,
  };
}

/** The texts of an outcome that the terminal knows without an answer. */
export function localTexts(code: PublicCode, params: OutcomeParams = {}): ResultTexts {
  return { code, iso39: publicIso39Of(code), ...renderOutcome(code, params) };
}

/** The refusal for a request that came to no answer and moved nothing, by who can mend it. */
export function unreachable(reason: string): { refusal: RefusalTexts; detail: string } {
  const { code, message: detail } = connectionError(reason);
  return {
    refusal: localRefusal(code === "TERMINAL_AUTH_FAILED" ? code : "UNREACHABLE"),
    detail,
  };
}

export function textsOfDecision(body: Decision): ResultTexts {
  const { code, iso39, display, display20, message } = body;
  return { code, iso39, display, display20, message };
}

/** The texts of a decision or of a problem document. */
export function textsOfSaid(said: Said<Decision>): ResultTexts {
  if (said.kind === "answer") return textsOfDecision(said.body);
  const { code, iso39, display, display20, message } = refusalOfProblem(said);
  return { code, iso39, display, display20, message };
}

export function refusalOfDecision(body: Decision): RefusalTexts {
  return { ...textsOfDecision(body), ...classesOf(body), ...retryAfter(body.retryAfterMs) };
}

export function refusalOfProblem(options: {
  problem: Problem;
  retryAfterMs?: number | undefined;
}): RefusalTexts {
  const { code, display, display20, message, retry } = options.problem;
  const iso39 = isPublicCode(code) ? publicIso39Of(code) : null;
  const classes = classesOf({ code, iso39, retry });
  return {
    code,
    iso39,
    display,
    display20,
    message,
    ...classes,
    ...retryAfter(options.retryAfterMs),
  };
}

/** Who must act after an answer; a code newer than this version goes by its class. */
export function actorOf(answer: { code: string; iso39: string | null }): Actor {
  if (isPublicCode(answer.code)) return outcomeSpec(answer.code).actor;
  switch (classifyUnknown(answer)) {
    case "approved":
      return "nobody";
    case "declined":
      return "beneficiary";
    case "technical":
      return "operator";
  }
}

/** The approval by which something is held, and nothing taken yet. */
export const HELD = "APPROVED_HELD" satisfies PublicCode;

/** Approvals by which a use is recorded and nothing is taken. */
const RECORDED: readonly string[] = ["APPROVED_RECORD", "APPROVED_SAME_VISIT"];

/** Whether an approval took something. One of a code newer than this version is taken to have. */
export function movedBy(approvalCode: string): "yes" | "no" {
  return RECORDED.includes(approvalCode) ? "no" : "yes";
}

/** The lines of a refused presentation. */
export function linesOf(code: PublicCode): { display: Lines; display20: Lines } {
  const { display, display20 } = renderOutcome(code, {});
  return { display, display20 };
}

function classesOf(answer: { code: string; iso39: string | null; retry: string }): {
  retry: RetryClass;
  actor: Actor;
} {
  return { retry: retryClassOf(answer.retry), actor: actorOf(answer) };
}

const RETRY_CLASSES: ReadonlySet<string> = new Set<RetryClass>([
  "NONE",
  "NO",
  "NOW",
  "AMEND",
  "OTHER",
  "ACTION",
  "LATER",
  "SAMEKEY",
  "NEWKEY",
  "REVERSE",
]);

/** A retry class newer than this version is read as NO: trying again unasked helps nobody. */
function retryClassOf(text: string): RetryClass {
  return RETRY_CLASSES.has(text) ? (text as RetryClass) : "NO";
}

function retryAfter(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
