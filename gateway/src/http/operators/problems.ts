// Problem documents for agents: the code's status, without the lines that a till would show.

import type { OperatorProblemCode, ProblemOptions } from "../problem-error.js";

const STATUS: Record<OperatorProblemCode, number> = {
  FORMAT_ERROR: 400,
  AGENT_AUTH_FAILED: 401,
  AGENT_NOT_AUTHORISED: 403,
  NOT_ALLOWED: 403,
  OPERATION_NOT_SUPPORTED: 404,
  UNKNOWN_SUBJECT: 404,
  OUT_OF_ORDER: 409,
  NOT_OVER: 409,
  PERIOD_CLOSED: 409,
  NO_PAYER: 409,
  CONTRADICTION: 409,
  DUPLICATE_CONFLICT: 409,
  NOT_IN_PROGRAMME: 422,
  OUTSIDE_CAMPAIGN: 422,
  NOT_A_CUTOFF: 422,
  RATE_LIMITED: 429,
  MAINTENANCE: 503,
  SYSTEM_ERROR: 500,
};

/** Whether a problem is one that agents know. */
export function isForAgents(
  options: ProblemOptions,
): options is ProblemOptions<OperatorProblemCode> {
  return Object.hasOwn(STATUS, options.code);
}

/** The problem document of a code (RFC 9457). */
export function problemOf(options: ProblemOptions<OperatorProblemCode>) {
  const { code, detail, retryAfterMs, errors } = options;
  return {
    type: `urn:pass-tpe:problem:${code}`,
    title: code,
    status: options.status ?? STATUS[code],
    detail,
    code,
    retryAfterMs,
    errors,
  };
}
