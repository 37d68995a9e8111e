// The double on the network: msw handlers that read, meet the planned faults, and answer.

import { PROBLEM_CONTENT_TYPE } from "@pass-tpe/protocol";
import { type HttpHandler, HttpResponse, http } from "msw";
import type { Reply } from "./answers.js";
import { parseJsonBody } from "./body.js";
import type { DoubleGateway } from "./gateway.js";
import { type Call, ROUTES, replyTo } from "./routes.js";
import type { PlannedFault, Script } from "./script.js";
import { recordable, type SeenRequest } from "./seen.js";

interface HandlerParts {
  readonly url: string;
  readonly gateway: DoubleGateway;
  readonly script: Script;
  readonly record: (seen: SeenRequest) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** The handlers for `setupServer` or `setupWorker`. */
export function handlersOf(parts: HandlerParts): HttpHandler[] {
  return ROUTES.map(({ method, path, operation }) =>
    http[method](`${parts.url}${path}`, async ({ request, params }) => {
      const contentType = request.headers.get("content-type");
      const body =
        method === "get" ? undefined : parseJsonBody({ contentType, text: await request.text() });
      return serve(parts, { operation, id: String(params["id"] ?? ""), body });
    }),
  );
}

async function serve(parts: HandlerParts, call: Call): Promise<Response> {
  const { operation, id, body } = call;
  const seen = recordable(body?.ok ? body.value : undefined);
  const inPath = operation === "refund" ? { of: id } : { id };
  const known = { operation, ...(id === "" ? {} : inPath), ...seen };
  const planned = parts.script.takeFault(operation);
  const undecided = planned === null ? null : await meetBefore(planned, known, parts);
  if (undecided !== null) return undecided;
  const reply = replyTo(parts.gateway, call);
  if (planned?.fault === "lostReply") {
    parts.record({ ...known, result: planned.fault });
    return brokenResponse();
  }
  parts.record({ ...known, result: reply.code });
  if (planned?.fault === "delay") await parts.wait(planned.delayMs);
  return responseOf(reply);
}

/** The faults by which a request comes to no decision; null for those that come after it. */
async function meetBefore(
  { fault }: PlannedFault,
  known: Omit<SeenRequest, "result">,
  { record }: HandlerParts,
): Promise<Response | null> {
  if (fault === "delay" || fault === "lostReply") return null;
  record({ ...known, result: fault });
  switch (fault) {
    case "unreachable":
      return HttpResponse.error();
    case "connectionReset":
      return brokenResponse();
    case "timeout":
      return new Promise(() => undefined);
    case "http503":
      return HttpResponse.html("<h1>503 Service Unavailable</h1>", { status: 503 });
  }
}

/**
 * The connection stood and the request left, then it broke before a byte of the answer: a client of `node:https`
 * sees a socket that hung up, `fetch` a body that cannot be read.
 */
function brokenResponse(): Response {
  const body = new ReadableStream({
    start: (controller) => controller.error(new Error("the connection was reset")),
  });
  return new HttpResponse(body);
}

function responseOf({ status, body, retryAfterMs }: Reply): Response {
  const type = status === 200 ? "application/json" : PROBLEM_CONTENT_TYPE;
  const headers = new Headers({ "content-type": type });
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
  }
  return new HttpResponse(JSON.stringify(body), { status, headers });
}
