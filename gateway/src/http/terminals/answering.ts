// How a terminal's request is answered once it is known who asks and what: by its route's handler, or with a problem.

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Buckets, createBuckets } from "../limits/buckets.js";
import type { Logger } from "../observe.js";
import {
  ProblemError,
  type ProblemOptions,
  problemFor,
  type TerminalProblemCode,
} from "../problem-error.js";
import { sendProblemDocument } from "../send-problem.js";
import type { AppOptions } from "./app-options.js";
import { authenticate, type Caller, refuseRevoked } from "./authenticate.js";
import { isForTerminals, problemOf } from "./problems.js";
import type { Call, Reply, Route } from "./route.js";

export interface Answering extends AppOptions {
  /** Writes the line of each answer. */
  readonly answers: Logger;
}

/**
 * Adds the log of answers. Its lines have the fields that are named here and no others, none of them a secret: to look
 * through each for one, as the log does with lines that anybody may write, costs twenty times the line.
 */
export function withAnswersLog(options: AppOptions): Answering {
  return { ...options, answers: options.log.child({}, { redact: [] }) };
}

/** A request with what its route needs beside it. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly terminal: Caller;
  /** The `{id}` of the path; empty where there is none. */
  readonly id: string;
  readonly body: unknown;
  readonly receivedAtMonotonicMs: number;
}

/**
 * Takes a turn of the terminal's, whatever it asks for and before anything more of it is read.
 *
 * @throws ProblemError RATE_LIMITED.
 */
export function takeTurn({ limits, clock }: AppOptions, { id }: Caller): void {
  const retryAfterMs = limits.takeRequest(id, clock.monotonicMs());
  if (retryAfterMs === 0) return;
  const detail = "This terminal sends too many requests. Send the same request again later.";
  throw new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs });
}

/** When a request that is read now arrived: the deadline runs from there, and not from when its turn came. */
export function arrivalMs({ clock, unreadMs = () => 0 }: AppOptions): number {
  return clock.monotonicMs() - unreadMs();
}

/** Has the route's handler answer, sends that, and notes it. Rejects with what is to be told as a problem. */
export async function answer(options: Answering, asked: Asked): Promise<void> {
  const { request, response, route, terminal, id, body, receivedAtMonotonicMs } = asked;
  const { caller, operation } = route;
  // Once more: a terminal that was revoked while the body was on its way does nothing.
  if (!route.decides) refuseRevoked(await authenticate(options, { caller, request }));
  const { id: terminalId, certificate } = terminal;
  const call: Call = { terminalId, certificate, receivedAtMonotonicMs, id, body };
  const reply = await route.handle(options, call);
  sendReply(response, reply);
  const who = reply.terminalId ?? terminalId;
  noteReply({ options, operation, terminalId: who, reply, receivedAtMonotonicMs });
}

function sendReply(response: ServerResponse, { body, timings }: Reply): void {
  const text = JSON.stringify(body);
  if (timings) {
    const { queueMs, decideMs, commitMs } = timings;
    const stages = [`queue;dur=${queueMs}`, `decide;dur=${decideMs}`, `commit;dur=${commitMs}`];
    response.setHeader("Server-Timing", stages.join(", "));
  }
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}

function noteReply(input: {
  readonly options: Answering;
  readonly operation: string;
  readonly terminalId: string;
  readonly reply: Reply;
  readonly receivedAtMonotonicMs: number;
}): void {
  const { options, operation, terminalId, reply } = input;
  const { id, code, replayed, timings } = reply;
  const ms = options.clock.monotonicMs() - input.receivedAtMonotonicMs;
  options.metrics.observeRequest(operation, ms / 1_000);
  if (code !== undefined && !replayed) options.metrics.countDecision(code);
  options.answers.info({ operation, terminalId, id, code, replayed, ms, ...timings });
}

/** Refusals that the log tells of one terminal, and of all strangers; the metrics count each. It is not theirs to fill. */
const REFUSAL_LINES = { burst: 200, intervalMs: 1_000, keysMax: 20_000 };

/** Tells a failure as a problem, or cuts the connection where nothing may be said. */
export type AnswerError = (input: {
  readonly error: unknown;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Where it is known who asked. */
  readonly terminalId: string | undefined;
}) => void;

/** Builds what answers failures. */
export function createAnswerError(options: AppOptions): AnswerError {
  const lines: Buckets = createBuckets(REFUSAL_LINES);
  return ({ error, request, response, terminalId }) => {
    const problem = problemFor(error);
    if (problem === null) {
      options.log.fatal({ err: error, terminalId }, "durability in doubt: no answer is given");
      request.socket.destroy();
      return;
    }
    const told = isForTerminals(problem) ? problem : BUG;
    options.metrics.countProblem(told.code);
    if (told.code === "SYSTEM_ERROR" && told.status !== 408) {
      const what =
        told.status === 503 ? "the store failed: nothing was stored" : "sale lost to a bug";
      options.log.error({ err: error, terminalId, code: told.code }, what);
    } else if (lines.take(terminalId ?? "", options.clock.monotonicMs()) === 0) {
      options.log.warn({ terminalId, code: told.code, detail: told.detail }, "refused");
    }
    // Half an answer is none: the terminal asks again.
    if (response.headersSent) request.socket.destroy();
    else sendProblemDocument(response, problemOf(told));
  };
}

/** A problem that is no terminal's: thrown in the wrong place. */
const BUG: ProblemOptions<TerminalProblemCode> = {
  code: "SYSTEM_ERROR",
  detail: "The gateway met a bug; nothing of this request was stored. Operator: see the log.",
};
