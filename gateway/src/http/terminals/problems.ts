// Problem documents for terminals: the code's status, and the same till lines as a decision's.

import { type Problem, publicCodeOf, publicRetryOf, renderOutcome } from "@pass-tpe/protocol";
import type { ProblemOptions, TerminalProblemCode } from "../problem-error.js";

const STATUS: Record<TerminalProblemCode, number> = {
  FORMAT_ERROR: 400,
  TERMINAL_AUTH_FAILED: 401,
  TERMINAL_NOT_AUTHORISED: 403,
  OPERATION_NOT_SUPPORTED: 404,
  ORIGINAL_NOT_FOUND: 404,
  DUPLICATE_CONFLICT: 409,
  SYSTEM_ERROR: 500,
  IN_PROGRESS: 503,
  RATE_LIMITED: 429,
  MAINTENANCE: 503,
};

/** Whether a problem is one that terminals know. */
export function isForTerminals(
  options: ProblemOptions,
): options is ProblemOptions<TerminalProblemCode> {
  return Object.hasOwn(STATUS, options.code);
}

/** The problem document of a code (RFC 9457). */
export function problemOf(options: ProblemOptions<TerminalProblemCode>): Problem {
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
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
}
