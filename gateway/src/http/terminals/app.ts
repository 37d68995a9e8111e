// What the terminals' listener serves: ordinary requests ahead of Express, the rest by its routes and limits.

import type { RequestListener } from "node:http";
import express, { type NextFunction, type Request, type Response } from "express";
import { readJsonBody } from "../body.js";
import { createAddressLimit } from "../limits/address-limit.js";
import { createTurns } from "../limits/turns.js";
import { ProblemError } from "../problem-error.js";
import { answerAhead } from "./ahead.js";
import {
  type Answering,
  answer,
  arrivalMs,
  createAnswerError,
  takeTurn,
  withAnswersLog,
} from "./answering.js";
import type { AppOptions } from "./app-options.js";
import { authenticate, type Caller } from "./authenticate.js";
import type { Route } from "./route.js";
import { ROUTES } from "./routes.js";

/** A till is enrolled once in years; a shop's tills share an address. */
const STRANGERS_PER_MINUTE_MAX = 10;

/** A lost answer is asked for again, and no more than that. */
const RENEWALS = { burst: 10, intervalMs: 60_000, keysMax: 20_000 };

/** Builds the application. It decides nothing: every answer is the store's. */
export function createApp(given: AppOptions): RequestListener {
  const options = withAnswersLog(given);
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
  const answerError = createAnswerError(options);
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const terminalId: string | undefined = response.locals["terminal"]?.id;
    answerError({ error, request, response, terminalId });
  });
  return answerAhead(app, options, answerError);
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
function limitStrangers({ clock, sharedLimits }: AppOptions) {
  const perMinute = STRANGERS_PER_MINUTE_MAX;
  const addresses = createAddressLimit({ what: "strangers at", perMinute, clock, sharedLimits });
  return async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    const retryAfterMs = await addresses.take(request.socket.remoteAddress ?? "");
    if (retryAfterMs === 0) next();
    else {
      const detail = "Too many tries from this address. Wait, and try again.";
      next(new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs }));
    }
  };
}

/** Each renewal is a certificate made and a row kept for good; one terminal needs one a year. */
function limitRenewals({ clock, sharedLimits }: AppOptions) {
  const take = createTurns({ what: "renewals of", bucket: RENEWALS, clock, sharedLimits });
  return async (_request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { id }: Caller = response.locals["terminal"];
    const retryAfterMs = await take(id);
    if (retryAfterMs === 0) next();
    else {
      const detail = "This terminal renews too often. Send the same request again later.";
      next(new ProblemError({ code: "RATE_LIMITED", detail, retryAfterMs }));
    }
  };
}

function limitTerminal(options: AppOptions) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    takeTurn(options, response.locals["terminal"]);
    next();
  };
}

function mount(app: express.Express, route: Route, options: Answering): void {
  const { method, path } = route;
  const read = method === "post" ? [readJsonBody(options.bodyTimeoutMs, options.after)] : [];
  app[method](
    path,
    stampArrival(options),
    ...read,
    async (request: Request, response: Response) => {
      const { receivedAtMonotonicMs } = response.locals;
      const terminal: Caller = response.locals["terminal"];
      const { id = "" } = request.params;
      const { body } = request;
      const of = { route, terminal, id: String(id), body, receivedAtMonotonicMs };
      await answer(options, { request, response, ...of });
    },
  );
}

function stampArrival(options: AppOptions) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.locals["receivedAtMonotonicMs"] = arrivalMs(options);
    next();
  };
}

function unknownOperation(request: Request): ProblemError {
  return new ProblemError({
    code: "OPERATION_NOT_SUPPORTED",
    detail: `There is no ${request.method} here; /openapi.json lists what there is.`,
  });
}
