// What the store answered instead of a decision, as a problem that says what to do next.

import type { Answer } from "../core/ports.js";
import { ProblemError } from "./problem-error.js";

/** How long to wait before the same request is sent again. */
export const RETRY_AFTER_MS = 1_000;

/**
 * The decision in an answer.
 *
 * @param problems what an id that is not there, and one that stands for something else, are told as.
 * @throws ProblemError that says why there is no decision; the error itself where a bug was met.
 */
export function decisionIn(
  answer: Answer,
  problems: { readonly notFound: () => ProblemError; readonly conflict: string },
): Extract<Answer, { type: "decision" }> {
  switch (answer.type) {
    case "decision":
      return answer;
    case "conflict":
      throw new ProblemError({ code: "DUPLICATE_CONFLICT", detail: problems.conflict });
    case "notFound":
      throw problems.notFound();
    case "overloaded":
      throw new ProblemError({
        code: "RATE_LIMITED",
        detail: "Too many requests wait. Send the same request again.",
        retryAfterMs: answer.retryAfterMs,
      });
    case "closed":
      throw new ProblemError({
        code: "MAINTENANCE",
        detail: answer.detail,
        retryAfterMs: answer.retryAfterMs,
      });
    case "tooMany":
      throw new ProblemError({
        code: "RATE_LIMITED",
        detail: "This card or this terminal comes too often. Send the same request again.",
        retryAfterMs: answer.retryAfterMs,
      });
    case "unavailable":
      throw new ProblemError(
        {
          code: "SYSTEM_ERROR",
          status: 503,
          detail: "The gateway could not store this, and did not. Send the same request again.",
          retryAfterMs: RETRY_AFTER_MS,
        },
        answer.error,
      );
    case "bug":
      throw answer.error;
    case "loaded":
    case "refused":
      throw new Error(`a sale was answered with ${answer.type}`);
  }
}
