// The double on the network: msw handlers that read, meet the planned faults, and answer.

import {
  AttemptIdSchema,
  AuthorizationRequestSchema,
  InquiryRequestSchema,
  PROBLEM_CONTENT_TYPE,
  ReversalRequestSchema,
} from "@pass-tpe/protocol";
import { type HttpHandler, HttpResponse, http } from "msw";
import type { Reply } from "./answers.js";
import { type Checked, checkForm, parseJsonBody } from "./body.js";
import type { DoubleOperation } from "./codes.js";
import type { DoubleGateway } from "./gateway.js";
import type { PlannedFault, Script } from "./script.js";
import { recordable, type SeenRequest } from "./seen.js";

export interface HandlerParts {
  readonly url: string;
  readonly gateway: DoubleGateway;
  readonly script: Script;
  readonly record: (seen: SeenRequest) => void;
  readonly wait: (ms: number) => Promise<void>;
}

interface Call {
  readonly operation: DoubleOperation;
  /** From the path; empty where there is none. */
  readonly id: string;
  /** Undefined where the operation has none. */
  readonly body: Checked<unknown> | undefined;
}

const ROUTES = [
  { method: "post", path: "/v1/authorizations", operation: "authorize" },
  { method: "get", path: "/v1/authorizations/:id", operation: "status" },
  { method: "post", path: "/v1/authorizations/:id/reversal", operation: "reverse" },
  { method: "post", path: "/v1/inquiries", operation: "inquire" },
  { method: "get", path: "/v1/terminal", operation: "terminalProfile" },
] as const;

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
  const known = { operation, ...(id === "" ? {} : { id }), ...seen };
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

function replyTo(gateway: DoubleGateway, { operation, id, body }: Call): Reply {
  switch (operation) {
    case "authorize":
      return withForm(AuthorizationRequestSchema, body, (request) => gateway.authorize(request));
    case "inquire":
      return withForm(InquiryRequestSchema, body, (request) => gateway.inquire(request));
    case "reverse":
      return withForm(ReversalRequestSchema, body, ({ reason }) =>
        withForm(AttemptIdSchema, { ok: true, value: id }, (known) =>
          gateway.reverse({ id: known, reason }),
        ),
      );
    case "status":
      return withForm(AttemptIdSchema, { ok: true, value: id }, (known) => gateway.status(known));
    case "terminalProfile":
      return gateway.terminalProfile();
  }
}

function withForm<T>(
  schema: Parameters<typeof checkForm<T>>[0],
  body: Checked<unknown> | undefined,
  answer: (value: T) => Reply,
): Reply {
  if (body?.ok === false) return body.problem;
  const checked = checkForm(schema, body?.value);
  return checked.ok ? answer(checked.value) : checked.problem;
}

function responseOf({ status, body, retryAfterMs }: Reply): Response {
  const type = status === 200 ? "application/json" : PROBLEM_CONTENT_TYPE;
  const headers = new Headers({ "content-type": type });
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
  }
  return new HttpResponse(JSON.stringify(body), { status, headers });
}
