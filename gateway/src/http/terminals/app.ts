// The Express application of the terminals' listener: authenticate, read, route, answer, log.

import express, { type NextFunction, type Request, type Response } from "express";
import type { Store } from "../../core/ports.js";
import { readJsonBody } from "../body.js";
import type { Logger, Metrics } from "../observe.js";
import {
  ProblemError,
  type ProblemOptions,
  problemFor,
  type TerminalProblemCode,
} from "../problem-error.js";
import { sendProblemDocument } from "../send-problem.js";
import { authenticate, refuseRevoked } from "./authenticate.js";
import { isForTerminals, problemOf } from "./problems.js";
import type { Reply, Route, RouteContext } from "./route.js";
import { ROUTES } from "./routes.js";

export interface AppOptions extends RouteContext {
  readonly store: RouteContext["store"] & Pick<Store, "terminalByCertificate">;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The API's description as it is checked in, JSON. */
  readonly openApi: string;
  readonly bodyTimeoutMs?: number;
}

/** Builds the application. It decides nothing: every answer is the store's. */
export function createApp(options: AppOptions): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((request, response, next) => {
    authenticate(options.store, request).then((terminal) => {
      response.locals["terminal"] = terminal;
      next();
    }, next);
  });
  app.get("/openapi.json", (_request, response) => {
    response.type("application/json").send(options.openApi);
  });
  for (const route of ROUTES) mount(app, route, options);
  app.use((request, _response, next) => next(unknownOperation(request)));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    answerError({ options, error, request, response, next }),
  );
  return app;
}

function mount(app: express.Express, route: Route, options: AppOptions): void {
  const { method, path, operation } = route;
  const read = method === "post" ? [readJsonBody(options.bodyTimeoutMs)] : [];
  app[method](
    path,
    stampArrival(options),
    ...read,
    async (request: Request, response: Response) => {
      const { terminal, receivedAtMonotonicMs } = response.locals;
      // Once more: a terminal that was revoked while the body was on its way does nothing.
      if (!route.decides) refuseRevoked(await authenticate(options.store, request));
      const terminalId: string = terminal.id;
      const { id = "" } = request.params;
      const call = { terminalId, receivedAtMonotonicMs, id: String(id), body: request.body };
      const reply = await route.handle(options, call);
      sendReply(response, reply);
      logReply({ options, operation, terminalId, reply, receivedAtMonotonicMs });
    },
  );
}

/** The deadline runs from the arrival of the request, not from when its turn came. */
function stampArrival({ clock }: AppOptions) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.locals["receivedAtMonotonicMs"] = clock.monotonicMs();
    next();
  };
}

function sendReply(response: Response, { body, timings }: Reply): void {
  if (timings) {
    const { queueMs, decideMs, commitMs } = timings;
    const stages = [`queue;dur=${queueMs}`, `decide;dur=${decideMs}`, `commit;dur=${commitMs}`];
    response.setHeader("Server-Timing", stages.join(", "));
  }
  response.status(200).json(body);
}

function logReply(input: {
  readonly options: AppOptions;
  readonly operation: string;
  readonly terminalId: string;
  readonly reply: Reply;
  readonly receivedAtMonotonicMs: number;
}): void {
  const { options, operation, terminalId, reply } = input;
  const ms = options.clock.monotonicMs() - input.receivedAtMonotonicMs;
  options.metrics.observeRequest(operation, ms / 1_000);
  if (reply.code !== undefined && !reply.replayed) options.metrics.countDecision(reply.code);
  const { id, code, replayed, timings } = reply;
  options.log.info({ operation, terminalId, id, code, replayed, ms, ...timings });
}

function unknownOperation(request: Request): ProblemError {
  return new ProblemError({
    code: "OPERATION_NOT_SUPPORTED",
    detail: `There is no ${request.method} here; /openapi.json lists what there is.`,
  });
}

function answerError(input: {
  readonly options: AppOptions;
  readonly error: unknown;
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}): void {
  const { options, error, request, response } = input;
  const terminalId: string | undefined = response.locals["terminal"]?.id;
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
  } else options.log.warn({ terminalId, code: told.code, detail: told.detail }, "refused");
  if (response.headersSent) {
    input.next(error);
    return;
  }
  sendProblemDocument(response, problemOf(told));
}

/** A problem that is no terminal's: thrown in the wrong place. */
const BUG: ProblemOptions<TerminalProblemCode> = {
  code: "SYSTEM_ERROR",
  detail: "The gateway met a bug; nothing of this request was stored. Operator: see the log.",
};
