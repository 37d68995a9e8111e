// The one place that turns a code into an HTTP status, and what is not a decision into a problem document.

import {
  type OutcomeCode,
  PROBLEM_CONTENT_TYPE,
  type Problem,
  publicCodeOf,
  publicRetryOf,
  renderOutcome,
} from "@pass-tpe/protocol";
import type { Response } from "express";

/** The codes that are given as a problem document. Everything else is a decision, and a decision is HTTP 200. */
type ProblemCode = Extract<
  OutcomeCode,
  | "FORMAT_ERROR"
  | "TERMINAL_AUTH_FAILED"
  | "TERMINAL_NOT_AUTHORISED"
  | "OPERATION_NOT_SUPPORTED"
  | "ORIGINAL_NOT_FOUND"
  | "DUPLICATE_CONFLICT"
  | "IN_PROGRESS"
  | "RATE_LIMITED"
  | "SYSTEM_ERROR"
>;

const STATUS: Record<ProblemCode, number> = {
  FORMAT_ERROR: 400,
  TERMINAL_AUTH_FAILED: 401,
  TERMINAL_NOT_AUTHORISED: 403,
  OPERATION_NOT_SUPPORTED: 404,
  ORIGINAL_NOT_FOUND: 404,
  DUPLICATE_CONFLICT: 409,
  SYSTEM_ERROR: 500,
  IN_PROGRESS: 503,
  RATE_LIMITED: 429,
};

export interface ProblemOptions {
  readonly code: ProblemCode;
  /** For the integrator, in English: what is wrong and who can mend it. */
  readonly detail: string;
  /** A more exact status than the code's own: 405, 408, 413, 415, or 503 for a fault that is over soon. */
  readonly status?: 405 | 408 | 413 | 415 | 503;
  readonly retryAfterMs?: number;
  readonly errors?: Problem["errors"];
}

/** Thrown by a handler to answer with a problem document. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly options: ProblemOptions;
  constructor(options: ProblemOptions) {
    super(options.detail);
    this.options = options;
  }
}

/** The problem document of a code (RFC 9457). */
export function problemOf(options: ProblemOptions): Problem {
  const { code, detail, retryAfterMs, errors } = options;
  const publicCode = publicCodeOf(code);
  return {
    type: `urn:pass-tpe:problem:${publicCode}`,
    title: publicCode,
    status: options.status ?? STATUS[code],
    detail,
    code: publicCode,
    retry: publicRetryOf(code, {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...renderOutcome(code, {}),
    ...(errors === undefined ? {} : { errors }),
  };
}

/** Sends a problem document. */
export function sendProblem(response: Response, options: ProblemOptions): void {
  const problem = problemOf(options);
  if (options.retryAfterMs !== undefined) {
    response.setHeader("Retry-After", Math.max(1, Math.ceil(options.retryAfterMs / 1_000)));
  }
  // What is left of the request is not wanted: a stranger's body, or one that is too large or too slow.
  if (!response.req.complete) {
    response.setHeader("Connection", "close");
    response.once("finish", () => response.req.destroy());
  }
  response.status(problem.status).type(PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
}
