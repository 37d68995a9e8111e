// The Express application of the holders' listener: limit, read, answer, log; dossiers and secrets leave no trace.

import express, { type NextFunction, type Request, type Response } from "express";
import type { HolderAccounts } from "../../core/holders.js";
import type { Clock } from "../../core/ports.js";
import type { SharedLimits } from "../../core/shared-limits.js";
import { readBoundedJsonBody } from "../body.js";
import { createAddressLimit } from "../limits/address-limit.js";
import type { Logger, Metrics } from "../observe.js";
import { ProblemError, type ProblemOptions, problemFor } from "../problem-error.js";
import { sendProblemDocument } from "../send-problem.js";
import { commonProblem, documentOf, type HolderProblem, HolderProblemError } from "./problems.js";
import { HOLDER_ROUTES, type HolderRoute } from "./routes.js";

/** A dossier, a password and four digits. */
const BODY_BYTES_MAX = 4 * 1024;
const BUSY_RETRY_AFTER_MS = 1_000;

interface HoldersAppOptions {
  readonly accounts: HolderAccounts;
  readonly clock: Pick<Clock, "monotonicMs" | "nowMs">;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** From one address. */
  readonly requestsPerMinute: number;
  /** Where several gateways count together. */
  readonly sharedLimits: SharedLimits | undefined;
  readonly bodyTimeoutMs?: number;
}

/** Builds the application. It sets no cookie and lets no other site's page call it. */
export function createHoldersApp(options: HoldersAppOptions): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  const limit = createAddressLimit({
    what: "holders at",
    perMinute: options.requestsPerMinute,
    clock: options.clock,
    sharedLimits: options.sharedLimits,
  });
  app.use(async (request, response, next) => {
    response.setHeader("Cache-Control", "no-store").setHeader("X-Content-Type-Options", "nosniff");
    const waitMs = await limit.take(request.socket.remoteAddress ?? "");
    next(waitMs === 0 ? undefined : tooManyFromHere(waitMs));
  });
  for (const route of HOLDER_ROUTES) mount(app, route, options);
  app.use((_request, _response, next) =>
    next(
      new ProblemError({
        code: "OPERATION_NOT_SUPPORTED",
        detail: "There is no such operation here; docs/OPERATORS.md lists what there is.",
      }),
    ),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError({ options, error, response }),
  );
  return app;
}

function mount(app: express.Express, route: HolderRoute, options: HoldersAppOptions): void {
  const { bodyTimeoutMs: timeoutMs, accounts, clock, log, metrics } = options;
  const { path, operation } = route;
  const read = readBoundedJsonBody({
    bytesMax: BODY_BYTES_MAX,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const stamp = (_request: Request, response: Response, next: NextFunction) => {
    response.locals["operation"] = operation;
    next();
  };
  app.post(path, stamp, read, async (request: Request, response: Response) => {
    const fromMs = clock.monotonicMs();
    const answer = await route.handle(accounts, request.body);
    const ms = clock.monotonicMs() - fromMs;
    metrics.observeRequest(operation, ms / 1_000);
    response.status(200).json(answer);
    log.info({ operation, code: "DONE", ms });
  });
}

function tooManyFromHere(retryAfterMs: number): ProblemError {
  return new ProblemError({
    code: "RATE_LIMITED",
    detail: "Too many requests come from this address. Send the same again later.",
    retryAfterMs,
  });
}

function answerError(input: {
  readonly options: HoldersAppOptions;
  readonly error: unknown;
  readonly response: Response;
}): void {
  const { options, error, response } = input;
  const { log, metrics } = options;
  const operation: string | undefined = response.locals["operation"];
  const problem = problemIn(error);
  if (problem === null) {
    log.fatal({ err: error, operation }, "durability in doubt: no answer is given");
    response.req.socket.destroy();
    return;
  }
  const { code, status } = problem;
  metrics.countProblem(code);
  if (status >= 500) log.error({ err: error, operation, code }, "account request lost");
  else log.warn({ operation, code }, "refused");
  if (response.headersSent || response.destroyed) response.destroy();
  else sendProblemDocument(response, documentOf(problem));
}

/** Null when nothing may be said: whether it is stored is not known. */
function problemIn(error: unknown): HolderProblem | null {
  if (error instanceof HolderProblemError) return error.problem;
  if (error instanceof Error && error.name === "BusyError") return commonProblem(BUSY);
  const problem = problemFor(error);
  return problem && commonProblem(problem);
}

const BUSY: ProblemOptions = {
  code: "RATE_LIMITED",
  detail: "Too many requests wait. Send the same again.",
  retryAfterMs: BUSY_RETRY_AFTER_MS,
};
