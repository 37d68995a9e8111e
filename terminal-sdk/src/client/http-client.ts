// One request, one outcome: HTTP over mutual TLS with kept connections, a deadline and a size limit.

// Called through the module objects and not by named imports, which interceptors such as `msw` cannot replace.
import http, {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { ProblemSchema } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { TerminalCredentials } from "../credentials.js";
import { PassTpeError, textOf } from "../errors.js";
import { agentFor, type TerminalNetwork, type TlsIdentity } from "./agent.js";
import { watchDeparture } from "./departure.js";
import type { AnswerSchema, Exchange } from "./exchange.js";
import { gatewayStages } from "./server-timing.js";
import { Turnstile } from "./turnstile.js";

/**
 * An answer above this size is given up as unreadable. The largest honest one is a page of a reconciliation: 1,000 moves
 * of at most 350 bytes each, and totals.
 */
export const ANSWER_BYTES_MAX = 512 * 1024;

export interface Call<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly schema: AnswerSchema<T>;
  readonly timeoutMs: number;
}

/** Speaks to one gateway. `node:https` and not a newer client, so that certificates, resumption and `msw` work. */
export class HttpClient {
  readonly #base: URL;
  readonly #turnstile: Turnstile;
  #agent: http.Agent;
  readonly #clock: TerminalClock;
  /** The connections that have carried an answer and stand. */
  readonly #standing = new Set<Socket>();
  #tellLost: () => void = () => undefined;

  /**
   * @param options.gateway an https URL; plain http only without credentials, for a double on the same machine.
   * @throws PassTpeError `OPTIONS_INVALID`.
   */
  constructor(options: {
    gateway: string;
    credentials?: TlsIdentity | undefined;
    network?: TerminalNetwork | undefined;
    clock: TerminalClock;
  }) {
    this.#clock = options.clock;
    this.#turnstile = new Turnstile({ clock: options.clock });
    this.#base = baseUrl(options.gateway);
    this.#agent = agentFor(this.#base, options);
  }

  /** Sends one request. Never rejects: whatever happens is one of the four kinds. */
  async exchange<T>(call: Call<T>): Promise<Exchange<T>> {
    const passed = await this.#turnstile.pass(call.timeoutMs, (timeoutMs) =>
      this.#exchange({ ...call, timeoutMs }),
    );
    if (passed !== null) return passed;
    const reason = `new credentials took ${call.timeoutMs} ms`;
    return { kind: "notSent", reason, heldBack: true };
  }

  /** Has somebody told each time that the last connection which had carried an answer is gone. */
  onLost(tell: () => void): void {
    this.#tellLost = tell;
  }

  /** Runs while nothing is being sent: what comes meanwhile waits, within its own time limit. One at a time. */
  alone<T>(run: () => Promise<T>): Promise<T> {
    return this.#turnstile.alone(run);
  }

  /** Speaks as somebody else from the next request on. To be called within {@link alone}. */
  use(credentials: TerminalCredentials): void {
    const before = this.#agent;
    this.#agent = agentFor(this.#base, { credentials });
    before.destroy();
  }

  #exchange<T>(call: Call<T>): Promise<Exchange<T>> {
    return new Promise((resolve) => {
      const body = call.body === undefined ? "" : JSON.stringify(call.body);
      let request: ClientRequest;
      try {
        request = this.#start(call, body);
      } catch (thrown) {
        resolve({ kind: "notSent", reason: textOf(thrown) });
        return;
      }
      const departure = watchDeparture(request);
      const settle = (outcome: Exchange<T>) => {
        callOff();
        resolve(outcome);
      };
      const callOff = this.#clock.after(call.timeoutMs, () => {
        const reason = `no answer within ${call.timeoutMs} ms`;
        settle(failed({ reason, notSent: departure.certainlyNotSent({ byDeadline: true }) }));
        request.destroy();
        letGoOfIdle(this.#agent);
      });
      // The listener stays after the end: an aborted request still reports its own error.
      request.on("error", (error: NodeJS.ErrnoException) => {
        const notSent = departure.certainlyNotSent({ byDeadline: false });
        const reason = [error.code, error.message].filter(Boolean).join(": ");
        settle(failed({ reason, notSent }));
      });
      request.once("response", (response) => {
        this.#keep(response.socket);
        collect(response).then(
          (text) => settle(interpret({ response, text, schema: call.schema })),
          (error: unknown) => {
            settle({ kind: "noAnswer", reason: textOf(error) });
            request.destroy();
          },
        );
      });
      request.end(body);
    });
  }

  /** Lets go of all connections. */
  close(): void {
    this.#agent.destroy();
  }

  #keep(socket: Socket): void {
    if (this.#standing.has(socket)) return;
    this.#standing.add(socket);
    socket.once("close", () => {
      this.#standing.delete(socket);
      if (this.#standing.size === 0) this.#tellLost();
    });
  }

  #start<T>(call: Call<T>, body: string): ClientRequest {
    const headers: OutgoingHttpHeaders = { accept: "application/json, application/problem+json" };
    if (call.body !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(body);
    }
    const url = new URL(call.path, this.#base);
    const options = { method: call.method, agent: this.#agent, headers };
    return url.protocol === "https:" ? https.request(url, options) : http.request(url, options);
  }
}

/** What else is kept may be half open as well: the next try gets a connection of its own. */
function letGoOfIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}

function failed({ reason, notSent }: { reason: string; notSent: boolean }): Exchange<never> {
  return { kind: notSent ? "notSent" : "noAnswer", reason };
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) throw new RangeError(`answer above ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** An answer that cannot be read is no answer: a proxy may have spoken, or a gateway that already decided. */
function interpret<T>(options: {
  response: IncomingMessage;
  text: string;
  schema: AnswerSchema<T>;
}): Exchange<T> {
  const { response, text, schema } = options;
  const status = response.statusCode ?? 0;
  const data = parseJson(text);
  if (status >= 200 && status < 300) {
    const answer = schema.safeParse(data);
    if (!answer.success) return { kind: "noAnswer", reason: `unreadable answer, HTTP ${status}` };
    const stages = gatewayStages(response.headers["server-timing"]);
    return { kind: "answer", body: answer.data, ...(stages === null ? {} : { stages }) };
  }
  const parsed = ProblemSchema.safeParse(data);
  if (!parsed.success) {
    return { kind: "noAnswer", reason: `HTTP ${status} without a problem document` };
  }
  const retryAfterMs = parsed.data.retryAfterMs ?? secondsToMs(response.headers["retry-after"]);
  return {
    kind: "problem",
    status,
    problem: parsed.data,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After` in whole seconds (RFC 9110 §10.2.3); its date form is not used between these two ends. */
function secondsToMs(header: string | undefined): number | undefined {
  return header !== undefined && /^[0-9]{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}

function baseUrl(gateway: string): URL {
  try {
    return new URL(gateway.endsWith("/") ? gateway : `${gateway}/`);
  } catch (cause) {
    throw new PassTpeError({ code: "OPTIONS_INVALID", detail: "gateway must be a URL", cause });
  }
}
