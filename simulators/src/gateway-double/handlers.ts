// The double on the network: msw handlers that read, meet the planned faults, and answer.

import { PROBLEM_CONTENT_TYPE } from "@pass-tpe/protocol";
import { type HttpHandler, HttpResponse, http } from "msw";
import type { Reply } from "./answers.js";
import { parseJsonBody } from "./body.js";
import { isDecided, isHeard } from "./faults.js";
import type { DoubleGateway } from "./gateway.js";
import { type Call, ROUTES, replyTo } from "./routes.js";
import type { Script } from "./script.js";
import { recordable, type SeenRequest } from "./seen.js";
import { retryAfter, spoilt, undecidedResponse } from "./wire.js";

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
  const record = (result: string) => parts.record({ ...known, result });
  const planned = parts.script.takeFault(operation);
  const fault = planned?.fault ?? null;
  if (fault !== null && !isDecided(fault)) {
    record(fault);
    return undecidedResponse(fault, planned?.retryAfterMs);
  }
  const reply = replyTo(parts.gateway, call);
  record(fault === null || isHeard(fault) ? reply.code : fault);
  switch (fault) {
    case null:
      return responseOf(reply);
    case "duplicate": {
      const again = replyTo(parts.gateway, call);
      record(again.code);
      return responseOf(again);
    }
    case "delay":
    case "lateReply":
      await parts.wait(planned?.delayMs ?? 0);
      return responseOf(reply);
    default:
      return spoilt(fault, responseOf(reply), reply);
  }
}

function responseOf({ status, body, retryAfterMs }: Reply): Response {
  const type = status === 200 ? "application/json" : PROBLEM_CONTENT_TYPE;
  const headers = new Headers({ "content-type": type, ...retryAfter(retryAfterMs) });
  return new HttpResponse(JSON.stringify(body), { status, headers });
}
