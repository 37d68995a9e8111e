// What is not a decision: thrown by whoever finds it, told as a problem document by the listener that it happened on.

import type { OutcomeCode } from "@pass-tpe/protocol";
import { ClosedError } from "../core/closed-error.js";
import type { LoadRefusalCode } from "../core/loading/loaded.js";
import type { SettlementResult } from "../core/settlement/ports.js";

/** The codes that a terminal gets as a problem document. Everything else is a decision, and a decision is HTTP 200. */
export type TerminalProblemCode = Extract<
  OutcomeCode,
  | "FORMAT_ERROR"
  | "TERMINAL_AUTH_FAILED"
  | "TERMINAL_NOT_AUTHORISED"
  | "OPERATION_NOT_SUPPORTED"
  | "ORIGINAL_NOT_FOUND"
  | "DUPLICATE_CONFLICT"
  | "IN_PROGRESS"
  | "RATE_LIMITED"
  | "MAINTENANCE"
  | "SYSTEM_ERROR"
>;

/** Why a period is not settled. */
type SettlementRefusalCode = Extract<SettlementResult, { type: "refused" }>["code"];

/** The codes that an agent gets: what any caller can meet, why an event is refused, or a settlement. */
export type OperatorProblemCode =
  | Extract<
      TerminalProblemCode,
      | "FORMAT_ERROR"
      | "OPERATION_NOT_SUPPORTED"
      | "DUPLICATE_CONFLICT"
      | "RATE_LIMITED"
      | "MAINTENANCE"
      | "SYSTEM_ERROR"
    >
  | "AGENT_AUTH_FAILED"
  | "AGENT_NOT_AUTHORISED"
  | LoadRefusalCode
  | SettlementRefusalCode;

export interface FieldError {
  /** JSON pointer, RFC 6901. */
  readonly pointer: string;
  readonly detail: string;
}

type ProblemCode = TerminalProblemCode | OperatorProblemCode;

export interface ProblemOptions<Code extends ProblemCode = ProblemCode> {
  readonly code: Code;
  /** For the integrator, in English: what is wrong and who can mend it. */
  readonly detail: string;
  /** A more exact status than the code's own: 405, 408, 413, 415, or 503 for a fault that is over soon. */
  readonly status?: 405 | 408 | 413 | 415 | 503;
  readonly retryAfterMs?: number;
  readonly errors?: readonly FieldError[];
}

/** How long a caller should wait whose question met too many others. */
const BUSY_RETRY_AFTER_MS = 1_000;

/** Thrown by a handler to answer with a problem document. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly options: ProblemOptions;
  /** @param cause for the log alone: what went wrong below. */
  constructor(options: ProblemOptions, cause?: unknown) {
    super(options.detail, { cause });
    this.options = options;
  }
}

/** The store cannot be reached just now, or must not be used as it is: after a failover, say. */
const NOTHING_STORED: readonly string[] = ["TransactionLostError", "DatabaseSetupError"];

/**
 * What a handler's failure is told as. Null when nothing may be said: the store rejected, so whether it is stored is
 * not known.
 */
export function problemFor(error: unknown): ProblemOptions | null {
  if (error instanceof ProblemError) return error.options;
  if (error instanceof Error && error.name === "StoreStoppedError") return null;
  if (error instanceof ClosedError) return { code: "MAINTENANCE", ...error.closed };
  if (error instanceof Error && error.name === "StoreBusyError") {
    return {
      code: "RATE_LIMITED",
      detail: "Too many requests wait. Send the same request again.",
      retryAfterMs: BUSY_RETRY_AFTER_MS,
    };
  }
  if (error instanceof Error && NOTHING_STORED.includes(error.name)) {
    return {
      code: "SYSTEM_ERROR",
      status: 503,
      detail: "The gateway could not store this, and did not. Send the same request again.",
      retryAfterMs: BUSY_RETRY_AFTER_MS,
    };
  }
  if (error instanceof URIError) {
    return { code: "FORMAT_ERROR", detail: "The path is not well-formed." };
  }
  return {
    code: "SYSTEM_ERROR",
    detail: "The gateway met a bug; nothing of this request was stored. Operator: see the log.",
  };
}
