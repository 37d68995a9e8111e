// The Express application of the operators' listener: authenticate, check the role, read, answer, log.

import { pipeline } from "node:stream/promises";
import express, { type NextFunction, type Request, type Response } from "express";
import type { Agent } from "../../core/loading/event.js";
import type { Clock } from "../../core/ports.js";
import { STATUS_REPORT_BYTES_MAX } from "../../core/settlement/limits.js";
import { readJsonBody, readXmlBody } from "../body.js";
import type { Logger, Metrics } from "../observe.js";
import {
  type OperatorProblemCode,
  ProblemError,
  type ProblemOptions,
  problemFor,
} from "../problem-error.js";
import { sendProblemDocument } from "../send-problem.js";
import { authenticateAgent } from "./authenticate.js";
import { answerLines, type BatchCounts } from "./batch.js";
import { linesOf } from "./lines.js";
import type { OperatorsBackend } from "./ports.js";
import { isForAgents, problemOf } from "./problems.js";
import type { Reply, Route } from "./route.js";
import { ROUTES } from "./routes.js";

interface OperatorsAppOptions {
  readonly backend: OperatorsBackend;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly bodyTimeoutMs?: number;
}

/** A bulk load that sends nothing and reads nothing for so long is cut; it goes on where it stopped. */
const BATCH_IDLE_TIMEOUT_MS = 60_000;
const BATCH_CONTENT_TYPE = "application/x-ndjson";

/** Builds the application. It decides nothing: who may do what to whom is the core's. */
export function createOperatorsApp(options: OperatorsAppOptions): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((request, response, next) => {
    callerOf(options, request).then((agent) => {
      response.locals["agent"] = agent;
      next();
    }, next);
  });
  for (const route of ROUTES) mount(app, route, options);
  app.use((request, _response, next) =>
    next(
      new ProblemError({
        code: "OPERATION_NOT_SUPPORTED",
        detail: `There is no ${request.method} here; docs/OPERATORS.md lists what there is.`,
      }),
    ),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError({ options, error, response }),
  );
  return app;
}

const callerOf = ({ backend, clock }: OperatorsAppOptions, request: Request): Promise<Agent> =>
  authenticateAgent({ store: backend.store, clock }, request);

function mount(app: express.Express, route: Route, options: OperatorsAppOptions): void {
  const read = readerOf(route.takes, options);
  const { method, path, operation, roles } = route;
  const checkRole = (_request: Request, response: Response, next: NextFunction) => {
    const { role }: Agent = response.locals["agent"];
    const isAllowed = roles.includes(role);
    next(isAllowed ? undefined : notAllowed(role));
  };
  app[method](path, checkRole, ...read, async (request: Request, response: Response) => {
    // Once more: who was revoked while the body was on its way does nothing.
    const agent = await callerOf(options, request);
    const fromMs = options.clock.monotonicMs();
    const act =
      route.takes === "lines"
        ? await takeLines({ options, agent, request, response })
        : await answerOne({ options, route, agent, request, response });
    const ms = options.clock.monotonicMs() - fromMs;
    options.metrics.observeRequest(operation, ms / 1_000);
    options.log.info({ operation, agentId: agent.id, role: agent.role, ...act, ms });
  });
}

function readerOf(takes: Route["takes"], { bodyTimeoutMs }: OperatorsAppOptions) {
  if (takes === "json") return [readJsonBody(bodyTimeoutMs)];
  if (takes === "xml") return [readXmlBody(STATUS_REPORT_BYTES_MAX, bodyTimeoutMs)];
  return [];
}

function notAllowed(role: string): ProblemError {
  return new ProblemError({
    code: "NOT_ALLOWED",
    detail: `The role ${role} may not do this. Ask the operator.`,
  });
}

interface Exchange {
  readonly options: OperatorsAppOptions;
  readonly agent: Agent;
  readonly request: Request;
  readonly response: Response;
}

async function answerOne(
  input: Exchange & { readonly route: Extract<Route, { handle: unknown }> },
): Promise<object> {
  const { options, route, agent, request, response } = input;
  const { id = "", sale = "" } = request.params;
  const { query, body } = request;
  const call = { agent, id: String(id), sale: String(sale), query, body };
  const reply = await route.handle(options.backend, call);
  send(response, reply);
  return reply.act;
}

/** A file is not shown by a browser, and nothing in it is fetched or run if it is shown all the same. */
function send(response: Response, reply: Reply): void {
  response.status(200).setHeader("Cache-Control", "no-store");
  if ("body" in reply) {
    response.json(reply.body);
    return;
  }
  const { name, type, content } = reply.file;
  response
    .setHeader("X-Content-Type-Options", "nosniff")
    .setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
    .setHeader("Content-Disposition", `attachment; filename="${name}"`)
    .type(type)
    .send(typeof content === "string" ? content : Buffer.from(content));
}

/** Request and answer flow at once, each no faster than the other end takes it. */
async function takeLines({ options, agent, request, response }: Exchange): Promise<object> {
  if (!request.is(BATCH_CONTENT_TYPE) || request.headers["content-encoding"] !== undefined) {
    throw new ProblemError({
      code: "FORMAT_ERROR",
      status: 415,
      detail: `Send Content-Type: ${BATCH_CONTENT_TYPE}, one event a line, without content encoding.`,
    });
  }
  const counts: BatchCounts = { lines: 0, applied: 0, unchanged: 0, rejected: 0 };
  const { backend, log } = options;
  // The server cuts what this finds idle; its own keep-alive limit follows when the answer has ended.
  const { socket } = request;
  socket.setTimeout(BATCH_IDLE_TIMEOUT_MS);
  response.status(200).type(BATCH_CONTENT_TYPE);
  let ending: ProblemError | null = null;
  try {
    await pipeline(
      request,
      async function* () {
        const answers = answerLines({
          agent,
          // Left open when the load ends early: the answer still has to leave on its connection.
          groups: linesOf(request.iterator({ destroyOnReturn: false })),
          backend,
          refuseRevoked: () => callerOf(options, request),
          onBug: (error, line) =>
            log.error({ err: error, agentId: agent.id, line }, "event lost to a bug"),
          counts,
        });
        try {
          for await (const group of answers) {
            yield group.map((answer) => `${JSON.stringify(answer)}\n`).join("");
          }
        } catch (error) {
          if (!(error instanceof ProblemError) || !isForAgents(error.options)) throw error;
          ending = error;
          yield `${JSON.stringify(problemOf(error.options))}\n`;
        }
      },
      response,
    );
    if (ending !== null) {
      // The answer is with the sender; what it still sends is read by nobody.
      if (!request.complete) socket.destroy();
      throw ending;
    }
  } catch (error) {
    log.warn({ operation: "sendEvents", agentId: agent.id, ...counts }, "load cut short");
    throw error;
  }
  return { ...counts };
}

function answerError(input: {
  readonly options: OperatorsAppOptions;
  readonly error: unknown;
  readonly response: Response;
}): void {
  const { options, error, response } = input;
  const agentId: string | undefined = response.locals["agent"]?.id;
  if (isHangUp(error)) return;
  const problem = problemFor(error);
  if (problem === null) {
    options.log.fatal({ err: error, agentId }, "durability in doubt: no answer is given");
    response.req.socket.destroy();
    return;
  }
  const told = isForAgents(problem) ? problem : BUG;
  options.metrics.countProblem(told.code);
  const { code, detail, status } = told;
  const isBug = code === "SYSTEM_ERROR" && status === undefined && !(error instanceof ProblemError);
  if (isBug || told === BUG) {
    options.log.error({ err: error, agentId }, "act lost to a bug");
  } else if (code === "SYSTEM_ERROR" && status !== 408) {
    options.log.error({ err: error, agentId, code }, "act stopped on its way, or not begun");
  } else options.log.warn({ agentId, code, detail }, "refused");
  if (response.headersSent || response.destroyed) response.destroy();
  else sendProblemDocument(response, problemOf(told));
}

/** The caller went away in the middle of a load: nobody is left to tell. */
function isHangUp(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET";
}

const BUG: ProblemOptions<OperatorProblemCode> = {
  code: "SYSTEM_ERROR",
  detail: "The gateway met a bug; nothing of this request was stored. Operator: see the log.",
};
