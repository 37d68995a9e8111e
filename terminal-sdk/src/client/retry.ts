// The one decision on retries: whether to repeat the same id, to return, or to say that nobody knows.

import type { Decision, Problem } from "@pass-tpe/protocol";
import type { Exchange } from "./exchange.js";
import { asksForSameId, verdictOf } from "./verdict.js";

/** The most tries of one id by one call. */
export const TRIES_MAX = 8;

/** A repeat is not begun with less time left than this: the gateway could not decide in it. */
export const TRY_NEEDS_MS = 300;

/** The wait before a repeat doubles from the first to the second of these. */
const BACKOFF_MIN_MS = 50;
const BACKOFF_MAX_MS = 1_000;

export interface TryState {
  /** What the last try came to. */
  readonly result: Exchange<Decision>;
  /** Whether this try or an earlier one of the same id may have been decided unseen: see {@link leavesDoubt}. */
  readonly inDoubt: boolean;
  readonly attemptsMade: number;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
}

export type RetryDecision =
  /** The result stands. */
  | { readonly action: "return"; readonly reason: string }
  /** Send the same id and body again after a wait. */
  | { readonly action: "repeat"; readonly afterMs: number; readonly reason: string }
  /** Nothing of this id can have been decided: declined as unreachable, nothing moved. */
  | { readonly action: "giveUpNotSent"; readonly reason: string }
  /** The sale may have been decided: a reversal is owed. */
  | { readonly action: "unknown"; readonly reason: string };

/** Whether after this result the gateway may have decided, or may still decide, without the terminal knowing. */
export function leavesDoubt(result: Exchange<Decision>): boolean {
  switch (result.kind) {
    case "notSent":
      return false;
    case "noAnswer":
      return true;
    case "answer":
      return verdictOf(result.body) === "open";
    case "problem":
      return problemLeavesDoubt(result.status, result.problem);
  }
}

function problemLeavesDoubt(status: number, problem: Problem): boolean {
  // Refused at the door, before any decision.
  if (problem.code === "RATE_LIMITED" || problem.code === "MAINTENANCE") return false;
  // A server that failed may have failed after it committed; one that refused (4xx) did not begin, unless it says
  // that the same id has still something to come.
  return status >= 500 || asksForSameId(problem);
}

/** Decides what follows from a try. Pure; each branch says why. */
export function decideRetry(state: TryState): RetryDecision {
  const { result } = state;
  const wish = repeatWish(result);
  if (wish === null) return afterFinal(state);
  const afterMs = Math.max(backoffMs(state.attemptsMade), retryAfterMsOf(result) ?? 0);
  const inTime = state.elapsedMs + afterMs + TRY_NEEDS_MS <= state.deadlineMs;
  if (inTime && state.attemptsMade < TRIES_MAX) return { action: "repeat", afterMs, reason: wish };
  return afterLastTry(state);
}

/** Why the same id should be sent again, or null where a repeat could change nothing. */
function repeatWish(result: Exchange<Decision>): string | null {
  switch (result.kind) {
    case "noAnswer":
      return "No answer came: the same id gets the stored answer, or is decided once.";
    case "notSent":
      return "The request never left: the network may come back.";
    case "answer":
      return verdictOf(result.body) === "open"
        ? "This is no decision yet: the same id may be asked for again."
        : null;
    case "problem":
      return problemWish(result.status, result.problem);
  }
}

function problemWish(status: number, problem: Problem): string | null {
  if (status === 429) return "The gateway asks for patience: too many requests.";
  if (status === 503) return "The gateway does not serve just now.";
  if (status >= 500) return "The gateway failed: the same id is safe to send again.";
  if (asksForSameId(problem)) return "This id may still be decided: ask for it again.";
  return null;
}

/** A result that no repeat would change. */
function afterFinal({ result, inDoubt }: TryState): RetryDecision {
  if (result.kind === "answer" && verdictOf(result.body) === "decided") {
    return { action: "return", reason: "The gateway decided; its answer is stored under this id." };
  }
  if (inDoubt) {
    return {
      action: "unknown",
      reason: "This try was refused, which proves nothing about an earlier one that may have left.",
    };
  }
  return { action: "return", reason: "The gateway refused the request before deciding." };
}

/** The time or the tries are used up. */
function afterLastTry({ result, inDoubt }: TryState): RetryDecision {
  if (inDoubt) {
    return { action: "unknown", reason: "Time is up, and a try of this id may have been decided." };
  }
  if (result.kind === "notSent") {
    return { action: "giveUpNotSent", reason: "Time is up, and nothing of this id was decided." };
  }
  return {
    action: "return",
    reason: "Time is up; the gateway said each time that it did not decide.",
  };
}

function backoffMs(attemptsMade: number): number {
  return Math.min(BACKOFF_MIN_MS * 2 ** (attemptsMade - 1), BACKOFF_MAX_MS);
}

function retryAfterMsOf(result: Exchange<Decision>): number | undefined {
  if (result.kind === "problem") return result.retryAfterMs;
  return result.kind === "answer" ? result.body.retryAfterMs : undefined;
}
