// A client that sends what it is told, byte for byte, over node:https, as a till does; for the contract of gateways.

// Called through the module object, which `msw` can replace; a named import it cannot.
import https, { type Agent, type AgentOptions } from "node:https";

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The JSON of the body; undefined where it is none. */
  readonly body: unknown;
}

export interface RawRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /** Default `application/json` where there is a body. */
  readonly contentType?: string;
}

export interface RawClient {
  send(request: RawRequest): Promise<RawAnswer>;
  close(): void;
}

/** An answer that has not come by then is none. */
const TIMEOUT_MS = 10_000;

export function rawClient(options: { url: string; agentOptions: AgentOptions }): RawClient {
  const agent = new https.Agent({ ...options.agentOptions, keepAlive: true });
  return {
    send: (sent) => send({ agent, base: options.url, sent }),
    close: () => agent.destroy(),
  };
}

function send(options: { agent: Agent; base: string; sent: RawRequest }): Promise<RawAnswer> {
  const { agent, base, sent } = options;
  const { method, body, contentType = "application/json" } = sent;
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const headers =
    bytes === undefined ? {} : { "content-type": contentType, "content-length": bytes.length };
  return new Promise((resolve, reject) => {
    const url = new URL(sent.path, base);
    const started = https.request(
      url,
      { agent, method, headers, timeout: TIMEOUT_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            body: parseJson(Buffer.concat(chunks).toString("utf8")),
          }),
        );
      },
    );
    started.on("timeout", () => started.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    started.on("error", reject);
    started.end(bytes);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
