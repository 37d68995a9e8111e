// What arrives at the till in place of an answer: nothing, a part of it, something else, or one of a later version.

import { HttpResponse } from "msw";
import type { Reply } from "./answers.js";
import type { UndecidedFault } from "./faults.js";

/** In the form of an id, and of no request. */
const ANOTHER_ID = "00000000-0000-7000-8000-000000000000";

/** Faults of an answer that has been made and is sent at once. */
type Spoiling = "lostReply" | "cutReply" | "garbage" | "wrongId" | "splitReply" | "newerGateway";

/** What comes back where nothing was decided. */
export function undecidedResponse(
  fault: UndecidedFault,
  retryAfterMs: number | undefined,
): Response | Promise<Response> {
  switch (fault) {
    case "unreachable":
      return HttpResponse.error();
    case "connectionReset":
      return brokenAfter(new Uint8Array(0));
    case "timeout":
      return new Promise<Response>(() => undefined);
    case "http503":
      return HttpResponse.html("<h1>503 Service Unavailable</h1>", {
        status: 503,
        headers: retryAfter(retryAfterMs),
      });
  }
}

/** A made answer as it arrives. */
export function spoilt(fault: Spoiling, answer: Response, { body, code }: Reply): Response {
  const { status, headers } = answer;
  const bytes = Buffer.from(JSON.stringify(body));
  switch (fault) {
    case "lostReply":
      return brokenAfter(new Uint8Array(0));
    case "cutReply":
      return brokenAfter(bytes.subarray(0, bytes.length / 2), { status, headers });
    case "garbage":
      return new HttpResponse("\u0000<garbage>", { status, headers });
    case "wrongId":
      return HttpResponse.json({ ...body, id: ANOTHER_ID }, { status, headers });
    case "splitReply":
      return new HttpResponse(byteByByte(bytes), { status, headers });
    case "newerGateway": {
      const newer = { code: `NEWER_${code}`, fieldOfALaterVersion: { kind: "unknown" } };
      return HttpResponse.json({ ...body, ...newer }, { status, headers });
    }
  }
}

/** The header in whole seconds, at least one (RFC 9110 §10.2.3). */
export function retryAfter(retryAfterMs: number | undefined): Record<string, string> {
  if (retryAfterMs === undefined) return {};
  return { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
}

/**
 * The connection stood and the request left, then it broke after so much of the answer: a client of `node:https` sees a
 * socket that hung up, `fetch` a body that cannot be read.
 */
function brokenAfter(bytes: Uint8Array, init: ResponseInit = {}): Response {
  const body = new ReadableStream({
    start(controller) {
      if (bytes.length === 0) controller.error(new Error("the connection was reset"));
      else controller.enqueue(bytes);
    },
    pull: (controller) => controller.error(new Error("the connection was reset")),
  });
  return new HttpResponse(body, init);
}

/** One byte each time that somebody reads. */
function byteByByte(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === bytes.length) return controller.close();
      sent += 1;
      controller.enqueue(bytes.subarray(sent - 1, sent));
    },
  });
}
