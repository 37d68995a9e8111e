// Turns a code and its figures into the body that a gateway would send, with the programme's own texts.

import {
  type Amount,
  type Decision,
  type OutcomeParams,
  outcomeSpec,
  type Problem,
  type PublicCode,
  publicIso39Of,
  publicRetryOf,
  renderOutcome,
} from "@pass-tpe/protocol";
import { type ProblemCode, problemStatusOf } from "./codes.js";

/** What is sent: status, body, and the code for the record of requests. */
export interface Reply {
  readonly status: number;
  readonly body: object;
  readonly code: string;
  readonly retryAfterMs?: number;
}

interface DecisionInput {
  readonly id: string;
  readonly code: PublicCode;
  readonly params: OutcomeParams;
  readonly nowMs: number;
  readonly retryAfterMs?: number | undefined;
  /** The reference to the presentation, and until when it stands. */
  readonly proof?: Pick<Decision, "proofRef" | "proofExpiresAtMs"> | undefined;
}

/** The fields that every decision has. */
export function decisionOf(input: DecisionInput): Decision {
  const { id, code, params, nowMs, retryAfterMs, proof } = input;
  const isApproval = outcomeSpec(code).kind === "approval";
  return {
    id,
    outcome: isApproval ? "approved" : "declined",
    code,
    iso39: publicIso39Of(code) ?? "",
    ...renderOutcome(code, params),
    retry: publicRetryOf(code, params),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    decidedAtMs: nowMs,
    ...(isApproval || params.remaining === undefined ? {} : { available: params.remaining }),
    ...proof,
  };
}

/** What an approved sale took and left. */
export function takenFields({ amountCents, quantity, collectCents, remaining }: OutcomeParams): {
  amountCents?: number;
  quantity?: number;
  collectCents?: number;
  remaining?: Amount;
} {
  return {
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(collectCents === undefined ? {} : { collectCents }),
    ...(remaining === undefined ? {} : { remaining }),
  };
}

interface ProblemInput {
  readonly code: ProblemCode;
  /** For the integrator, in English. It must not repeat what was sent: that may hold evidence. */
  readonly detail: string;
  /** A more exact status than the code's own. */
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: Problem["errors"];
}

/** A problem document (RFC 9457). */
export function problemReply(input: ProblemInput): Reply {
  const { code, detail, retryAfterMs, errors, status = problemStatusOf(code) } = input;
  const waits = retryAfterMs === undefined ? {} : { retryAfterMs };
  const body: Problem = {
    type: `urn:pass-tpe:problem:${code}`,
    title: code,
    status,
    detail,
    code,
    retry: publicRetryOf(code, {}),
    ...waits,
    ...renderOutcome(code, {}),
    ...(errors === undefined ? {} : { errors }),
  };
  return { status, body, code, ...waits };
}

export function decisionReply(body: Decision): Reply {
  return { status: 200, body, code: body.code };
}
