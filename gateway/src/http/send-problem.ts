// Sends a problem document (RFC 9457) and lets go of what is left of the request.

import type { ServerResponse } from "node:http";
import { PROBLEM_CONTENT_TYPE } from "@pass-tpe/protocol";

/** Sends a document with its own status, and after how long to come again. */
export function sendProblemDocument(
  response: ServerResponse,
  document: { readonly status: number; readonly retryAfterMs?: number | undefined },
): void {
  const { status, retryAfterMs } = document;
  if (retryAfterMs !== undefined) {
    response.setHeader("Retry-After", Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  }
  // What is left of the request is not wanted: a stranger's body, or one that is too large or too slow.
  if (!response.req.complete) {
    response.setHeader("Connection", "close");
    response.once("finish", () => response.req.destroy());
  }
  const text = JSON.stringify(document);
  response.statusCode = status;
  response.setHeader("Content-Type", `${PROBLEM_CONTENT_TYPE}; charset=utf-8`);
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}
