// What became of an event, as an answer or a problem: the same words for one event and for a line of many.

import { fieldErrors } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { Submission } from "./ports.js";

/** An event that was taken in. */
export interface EventAnswer {
  readonly id: string;
  readonly outcome: "applied" | "unchanged";
  readonly notes: readonly string[];
  /** Whether the same event had been sent before. */
  readonly replayed: boolean;
}

const RETRY_AFTER_MS = 1_000;

/**
 * The answer to an event.
 *
 * @throws ProblemError that says why it was not taken in; the error itself where a bug was met.
 */
export function eventAnswer(submission: Submission): EventAnswer {
  if (submission.type === "malformed") {
    throw new ProblemError({
      code: "FORMAT_ERROR",
      detail: "The event does not have the form of its type; see errors.",
      errors: fieldErrors(submission.issues),
    });
  }
  const { id, answer } = submission;
  switch (answer.type) {
    case "loaded": {
      const { outcome, notes, replayed } = answer;
      return { id, outcome, notes, replayed };
    }
    case "refused":
      throw new ProblemError({ code: answer.code, detail: answer.detail });
    case "conflict":
      throw new ProblemError({
        code: "DUPLICATE_CONFLICT",
        detail: "This id stands for another event. Make a new id for a new event.",
      });
    case "overloaded":
      throw new ProblemError({
        code: "RATE_LIMITED",
        detail: "Too many requests wait. Send the same event again.",
        retryAfterMs: answer.retryAfterMs,
      });
    case "closed": {
      const { detail, retryAfterMs } = answer;
      throw new ProblemError({ code: "MAINTENANCE", detail, retryAfterMs });
    }
    case "unavailable":
      throw new ProblemError(
        {
          code: "SYSTEM_ERROR",
          status: 503,
          detail: "The gateway could not store this event, and did not. Send the same event again.",
          retryAfterMs: RETRY_AFTER_MS,
        },
        answer.error,
      );
    case "bug":
      throw answer.error;
    case "decision":
    case "notFound":
    case "tooMany":
      throw new Error(`an event was answered with ${answer.type}`);
  }
}
