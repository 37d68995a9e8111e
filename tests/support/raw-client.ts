// A bare HTTPS client for tests that must send what the SDK never would.

import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { TerminalCredentials } from "@pass-tpe/gateway";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An agent with a terminal's certificate, or with none. */
export function agentFor(credentials: TerminalCredentials, certificate = true): Agent {
  const { ca, certificate: cert, privateKey: key } = credentials;
  return new Agent({ ca, keepAlive: true, ...(certificate ? { cert, key } : {}) });
}

export interface RawRequest {
  readonly agent: Agent;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Declares this length and never sends the rest. */
  readonly stallAfter?: string;
}

/** Sends one request and reads the whole answer. */
export function raw(options: RawRequest): Promise<RawAnswer> {
  const { agent, url, body, stallAfter } = options;
  const { method = body === undefined && stallAfter === undefined ? "GET" : "POST" } = options;
  const headers: Record<string, string> = {
    "content-type": "application/json",
    ...options.headers,
  };
  if (stallAfter !== undefined) headers["content-length"] = String(stallAfter.length + 10);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject);
    if (stallAfter === undefined) outgoing.end(body);
    else outgoing.write(stallAfter);
  });
}

/** Posts JSON and parses the answer's JSON. */
export async function postJson(options: {
  readonly agent: Agent;
  readonly url: string;
  readonly body: unknown;
}): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await raw({ ...options, body: JSON.stringify(options.body) });
  return { status: answer.status, body: JSON.parse(answer.text) };
}
