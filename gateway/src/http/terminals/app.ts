// The Express application of the terminals' listener: authenticate, read, route, answer, log.

import express, { type NextFunction, type Request, type Response } from "express";
import type { Store } from "../../core/ports.js";
import { readJsonBody } from "../body.js";
import type { ReadCertificate } from "../certificate.js";
import { createAddressLimit } from "../limits/address-limit.js";
import { type Buckets, createBuckets } from "../limits/buckets.js";
import type { Limits } from "../limits/limits.js";
import type { Logger, Metrics } from "../observe.js";
import {
  ProblemError,
  type ProblemOptions,
  problemFor,
  type TerminalProblemCode,
} from "../problem-error.js";
import { sendProblemDocument } from "../send-problem.js";
import { authenticate, type Caller, refuseRevoked } from "./authenticate.js";
import { isForTerminals, problemOf } from "./problems.js";
import type { Reply, Route, RouteContext } from "./route.js";
import { ROUTES } from "./routes.js";

interface AppOptions extends RouteContext {
  readonly store: RouteContext["store"] &
    Pick<Store, "terminalByCertificate"> & { checkClock?(): void };
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The API's description as it is checked in, JSON. */
  readonly openApi: string;
  readonly limits: Pick<Limits, "takeRequest" | "noteDecision">;
  readonly bodyTimeoutMs?: number;
  /** How long what is read now may have lain unread; not at all by default. */
  readonly unreadMs?: () => number;
  /** The TLS connection's by default. */
  readonly readCertificate?: ReadCertificate;
}

/** A till is enrolled once in years; a shop's tills share an address. */
const STRANGERS_PER_MINUTE_MAX = 10;

/** A lost answer is asked for again, and no more than that. */
const RENEWALS = { burst: 10, intervalMs: 60_000, keysMax: 20_000 };

/** Refusals that the log tells of one terminal, and of all strangers; the metrics count each. It is not theirs to fill. */
const REFUSAL_LINES = { burst: 200, intervalMs: 1_000, keysMax: 20_000 };

/** Builds the application. It decides nothing: every answer is the store's. */
export function createApp(options: AppOptions): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  const limit = limitStrangers(options);
  const guardsOf = ({ caller }: Route) => [
    ...(caller === "stranger" ? [limit] : []),
    identify(options, caller),
    ...(caller === "stranger" ? [] : [limitTerminal(options)]),
  ];
  const renewals = limitRenewals(options);
  // What others than a terminal with its certificate may ask for stands before the door that is closed to them.
  for (const route of ROUTES.filter(({ caller }) => caller !== "terminal")) {
    app[route.method](route.path, ...guardsOf(route));
    mount(app, route, options);
  }
  app.use(identify(options, "terminal"), limitTerminal(options));
  app.get("/openapi.json", (_request, response) => {
    response.type("application/json").send(options.openApi);
  });
  for (const route of ROUTES.filter(({ caller }) => caller === "terminal")) {
    if (route.operation === "renew") app[route.method](route.path, renewals);
    mount(app, route, options);
  }
  app.use((request, _response, next) => next(unknownOperation(request)));
  const lines = createBuckets(REFUSAL_LINES);
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    answerError({ options, lines, error, request, response, next }),
  );
  return app;
}

function identify(options: AppOptions, caller: Route["caller"]) {
  return (request: Request, response: Response, next: NextFunction): void => {
    authenticate(options, { caller, request }).then((terminal) => {
      response.locals["terminal"] = terminal;
      next();
    }, next);
  };
}

/** Who need not say who it is may ask so often from one address: each try costs the work of a signature. */
function limitStrangers({ clock }: AppOptions) {
  const nowMs = () => clock.monotonicMs();
  const addresses = createAddressLimit({ perMinute: STRANGERS_PER_MINUTE_MAX, nowMs });
  return (request: Request, _response: Response, next: NextFunction): void => {
    const retryAfterMs = addresses.take(request.socket.remoteAddress ?? "");
    if (retryAfterMs === 0) next();
    else {
      const detail = "Too many tries from this address. Wait, and try again.";
      next(new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs }));
    }
  };
}

/** Each renewal is a certificate made and a row kept for good; one terminal needs one a year. */
function limitRenewals({ clock }: AppOptions) {
  const renewals = createBuckets(RENEWALS);
  return (_request: Request, response: Response, next: NextFunction): void => {
    const { id }: Caller = response.locals["terminal"];
    const retryAfterMs = renewals.take(id, clock.monotonicMs());
    if (retryAfterMs === 0) next();
    else {
      const detail = "This terminal renews too often. Send the same request again later.";
      next(new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs }));
    }
  };
}

/** Whatever it asks for, and before anything more of it is read. */
function limitTerminal({ limits, clock }: AppOptions) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    const { id }: Caller = response.locals["terminal"];
    const retryAfterMs = limits.takeRequest(id, clock.monotonicMs());
    if (retryAfterMs === 0) next();
    else {
      const detail = "This terminal sends too many requests. Send the same request again later.";
      next(new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs }));
    }
  };
}

function mount(app: express.Express, route: Route, options: AppOptions): void {
  const { method, path, operation } = route;
  const read = method === "post" ? [readJsonBody(options.bodyTimeoutMs, options.after)] : [];
  app[method](
    path,
    stampArrival(options),
    ...read,
    async (request: Request, response: Response) => {
      const { receivedAtMonotonicMs } = response.locals;
      const { id: terminalId, certificate }: Caller = response.locals["terminal"];
      // Once more: a terminal that was revoked while the body was on its way does nothing.
      const { caller } = route;
      if (!route.decides) refuseRevoked(await authenticate(options, { caller, request }));
      const { id = "" } = request.params;
      const { body } = request;
      const call = { terminalId, certificate, receivedAtMonotonicMs, id: String(id), body };
      const reply = await route.handle(options, call);
      sendReply(response, reply);
      const who = reply.terminalId ?? terminalId;
      logReply({ options, operation, terminalId: who, reply, receivedAtMonotonicMs });
    },
  );
}

/** The deadline runs from the arrival of the request, not from when its turn came. */
function stampArrival({ clock, unreadMs = () => 0 }: AppOptions) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.locals["receivedAtMonotonicMs"] = clock.monotonicMs() - unreadMs();
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
  const { id, code, replayed, cardKey = null, timings } = reply;
  const ms = options.clock.monotonicMs() - input.receivedAtMonotonicMs;
  options.metrics.observeRequest(operation, ms / 1_000);
  if (code !== undefined && !replayed) {
    options.metrics.countDecision(code);
    options.limits.noteDecision({ terminalId, cardKey, code }, options.clock.monotonicMs());
  }
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
  readonly lines: Buckets;
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
  } else if (input.lines.take(terminalId ?? "", options.clock.monotonicMs()) === 0) {
    options.log.warn({ terminalId, code: told.code, detail: told.detail }, "refused");
  }
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
