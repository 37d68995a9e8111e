// Which problem documents an operation can answer with, and on which HTTP status.

import type { PublicCode } from "../outcomes/index.js";

export interface ProblemCase {
  readonly status: number;
  readonly code: PublicCode;
  /** What brings it about. */
  readonly when: string;
}

/** Of any operation: whether the gateway can serve. */
export const SERVING_PROBLEMS = [
  { status: 429, code: "RATE_LIMITED", when: "Too many requests; see `retryAfterMs`." },
  {
    status: 500,
    code: "SYSTEM_ERROR",
    when: "The gateway met a bug. Nothing of this request was stored.",
  },
  {
    status: 503,
    code: "SYSTEM_ERROR",
    when: "A part of the gateway failed for the moment. Nothing of this request was stored.",
  },
  { status: 503, code: "MAINTENANCE", when: "The gateway is closed for now; see `retryAfterMs`." },
] as const satisfies readonly ProblemCase[];

/** Of any operation that asks who is calling. */
export const EVERY_PROBLEMS = [
  {
    status: 401,
    code: "TERMINAL_AUTH_FAILED",
    when: "No client certificate of this gateway's authority was shown.",
  },
  {
    status: 403,
    code: "TERMINAL_NOT_AUTHORISED",
    when:
      "The certificate belongs to no terminal: enrol it again. Or the terminal is revoked: ask the operator. " +
      "A sale or an inquiry of a revoked terminal is declined instead, as a decision.",
  },
  ...SERVING_PROBLEMS,
] as const satisfies readonly ProblemCase[];

/** Of an enrolment: nothing tells a wrong code from a used one. */
export const ENROLMENT_PROBLEMS = [
  {
    status: 403,
    code: "TERMINAL_NOT_AUTHORISED",
    when:
      "The activation code is mistyped, used, over, or a newer one was made: ask the operator for another. " +
      "Or its terminal is revoked.",
  },
] as const satisfies readonly ProblemCase[];

/** Of an operation with a body. */
export const FORM_PROBLEMS = [
  {
    status: 400,
    code: "FORMAT_ERROR",
    when: "The body is not JSON, or not of the form asked for: `errors` points at the fields.",
  },
  {
    status: 408,
    code: "SYSTEM_ERROR",
    when: "The body did not arrive in time: send the same id and body again.",
  },
  { status: 413, code: "FORMAT_ERROR", when: "The body is too large." },
  { status: 415, code: "FORMAT_ERROR", when: "The body is not `application/json` in UTF-8." },
] as const satisfies readonly ProblemCase[];

/** Of an operation with a body whose decision is stored. */
export const BODY_PROBLEMS = [
  ...FORM_PROBLEMS,
  {
    status: 503,
    code: "IN_PROGRESS",
    when: "The decision was not durable within `deadlineMs`: send the same id and body again.",
  },
] as const satisfies readonly ProblemCase[];

/** Of an operation with an id in its path and no body. */
export const ID_PROBLEMS = [
  { status: 400, code: "FORMAT_ERROR", when: "The id is not a UUID version 7 in lower case." },
] as const satisfies readonly ProblemCase[];

/** Of an operation that makes a new id. */
export const CONFLICT_PROBLEMS = [
  {
    status: 409,
    code: "DUPLICATE_CONFLICT",
    when: "This terminal used the id for another request: a new sale needs a new id.",
  },
] as const satisfies readonly ProblemCase[];

/** Of an operation that makes the id of a refund. */
export const REFUND_CONFLICT_PROBLEMS = [
  {
    status: 409,
    code: "DUPLICATE_CONFLICT",
    when: "This terminal used the id for another refund: a new refund needs a new id.",
  },
] as const satisfies readonly ProblemCase[];

/** Of an operation on an earlier sale of any terminal of the partner. */
export const NOT_FOUND_AT_PARTNER_PROBLEMS = [
  {
    status: 404,
    code: "ORIGINAL_NOT_FOUND",
    when: "No terminal of this partner sent a sale with this id.",
  },
] as const satisfies readonly ProblemCase[];

/** Of an operation on an earlier sale of this terminal. */
export const NOT_FOUND_PROBLEMS = [
  { status: 404, code: "ORIGINAL_NOT_FOUND", when: "This terminal sent no sale with this id." },
] as const satisfies readonly ProblemCase[];
