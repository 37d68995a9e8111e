// Answers the ordinary requests of terminals ahead of Express, which costs more than a decision: same handlers, same checks.

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { BODY_BYTES_MAX } from "@pass-tpe/protocol";
import { afterTimeout } from "../after.js";
import { BODY_TIMEOUT_MS, lateBody, malformedBody } from "../body.js";
import { type AnswerError, type Answering, answer, arrivalMs, takeTurn } from "./answering.js";
import type { AppOptions } from "./app-options.js";
import { authenticate } from "./authenticate.js";
import type { Route } from "./route.js";
import { ROUTES } from "./routes.js";

const BYTE_ORDER_MARK = 0xfeff;

/** An id as it stands in a path. Whatever else stands there is Express's to read. */
const ID = "([0-9a-f-]{36})";

interface Found {
  readonly route: Route;
  readonly id: string;
}

/**
 * Puts itself before the application. It takes what a terminal's SDK sends: a known path, and where there is a body, JSON of
 * a stated length without any encoding. Everything else goes on to the application, which answers it at full length.
 */
export function answerAhead(
  app: RequestListener,
  options: Answering,
  answerError: AnswerError,
): RequestListener {
  const find = createFind();

  async function serve({ route, id }: Found, request: IncomingMessage, response: ServerResponse) {
    let terminalId: string | undefined;
    try {
      const terminal = await authenticate(options, { caller: "terminal", request });
      terminalId = terminal.id;
      takeTurn(options, terminal);
      const receivedAtMonotonicMs = arrivalMs(options);
      const body = route.method === "post" ? await readJson(request, options) : undefined;
      const asked = { request, response, route, terminal, id, body, receivedAtMonotonicMs };
      await answer(options, asked);
    } catch (error) {
      answerError({ error, request, response, terminalId });
    }
  }

  return (request, response) => {
    const found = find(request);
    if (found === null) app(request, response);
    else void serve(found, request, response);
  };
}

/** Builds the look-up of the routes that are answered here. A renewal is rare, and has a limit of its own. */
function createFind(): (request: IncomingMessage) => Found | null {
  const own = ROUTES.filter(
    ({ caller, operation }) => caller === "terminal" && operation !== "renew",
  );
  const fixed = new Map(
    own
      .filter(({ path }) => !path.includes(":id"))
      .map((route) => [keyOf(route.method.toUpperCase(), route.path), { route, id: "" }]),
  );
  const byId = own
    .filter(({ path }) => path.includes(":id"))
    .map((route) => ({
      route,
      method: route.method.toUpperCase(),
      pattern: new RegExp(`^${route.path.replace(":id", ID)}$`),
    }));
  return (request) => {
    const { method = "", url = "" } = request;
    if (method === "POST" ? !hasPlainJson(request) : hasBody(request)) return null;
    const known = fixed.get(keyOf(method, url));
    if (known !== undefined) return known;
    for (const { route, method: own, pattern } of byId) {
      const id = method === own ? pattern.exec(url)?.[1] : undefined;
      if (id !== undefined) return { route, id };
    }
    return null;
  };
}

const keyOf = (method: string, path: string) => `${method} ${path}`;

function hasPlainJson({ headers }: IncomingMessage): boolean {
  const length = Number(headers["content-length"]);
  return (
    headers["content-type"] === "application/json" &&
    headers["content-encoding"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    length > 0 &&
    length <= BODY_BYTES_MAX
  );
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

/** @throws ProblemError FORMAT_ERROR where it is no JSON object or array, SYSTEM_ERROR where it does not come in time. */
function readJson(
  request: IncomingMessage,
  { bodyTimeoutMs = BODY_TIMEOUT_MS, after = afterTimeout }: AppOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const callOff = after(bodyTimeoutMs, () => reject(lateBody(bodyTimeoutMs)));
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("close", () => {
      callOff();
      if (!request.complete) reject(malformedBody("JSON"));
    });
    request.once("end", () => {
      callOff();
      try {
        resolve(parseJson(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      } catch {
        reject(malformedBody("JSON"));
      }
    });
  });
}

function parseJson(bytes: Buffer | undefined): unknown {
  const text = bytes?.toString("utf8") ?? "";
  const body: unknown = JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  if (typeof body !== "object" || body === null) throw new SyntaxError("neither object nor array");
  return body;
}
