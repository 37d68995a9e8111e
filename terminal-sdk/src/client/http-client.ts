// One request, one outcome: HTTP over mutual TLS with kept connections, a deadline and a size limit.

// Called through the module objects and not by named imports, which interceptors such as `msw` cannot replace.
import http, {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { ProblemSchema } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { TerminalCredentials } from "../credentials.js";
import { PassTpeError, textOf } from "../errors.js";
import { watchDeparture } from "./departure.js";
import type { AnswerSchema, Exchange } from "./exchange.js";
import { Turnstile } from "./turnstile.js";

/**
 * An answer above this size is given up as unreadable. The largest honest one is a page of a reconciliation: 1,000 moves
 * of at most 350 bytes each, and totals.
 */
export const ANSWER_BYTES_MAX = 512 * 1024;

/** Connections to the gateway at a time: a sale, what is owed (three queues), a status query, the heartbeat. */
const SOCKETS_MAX = 6;

export interface Call<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly schema: AnswerSchema<T>;
  readonly timeoutMs: number;
}

/** Whom the terminal trusts, and by what it proves who it is: an enrolment has no certificate yet. */
export type TlsIdentity = Pick<TerminalCredentials, "ca"> & Partial<TerminalCredentials>;

/** Opens connections in the place of TCP, so that a simulator owns the wire. */
export interface TerminalNetwork {
  /** A new connection. It says `connect` once it stands, or `error`. */
  connect(): Duplex;
}

/** Speaks to one gateway. `node:https` and not a newer client, so that certificates, resumption and `msw` work. */
export class HttpClient {
  readonly #base: URL;
  readonly #turnstile: Turnstile;
  #agent: http.Agent;
  readonly #clock: TerminalClock;

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
    const decideMs = decideMsOf(response.headers["server-timing"]);
    return { kind: "answer", body: answer.data, ...(decideMs === undefined ? {} : { decideMs }) };
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

/** The `decide` metric of a Server-Timing header, in milliseconds. */
function decideMsOf(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header.join(",") : header;
  const found = /(?:^|,)\s*decide\s*;\s*dur=([0-9.]+)/.exec(text ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
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

function agentFor(
  base: URL,
  {
    credentials,
    network,
  }: { credentials?: TlsIdentity | undefined; network?: TerminalNetwork | undefined },
): http.Agent {
  const kept = { keepAlive: true, maxSockets: SOCKETS_MAX, scheduling: "lifo" } as const;
  if (base.protocol === "http:" && credentials === undefined) {
    return network === undefined ? new http.Agent(kept) : new GivenNetwork(kept, network);
  }
  if (base.protocol !== "https:") {
    throw new PassTpeError({
      code: "OPTIONS_INVALID",
      detail: "gateway must be an https URL where the terminal has credentials",
    });
  }
  if (network !== undefined) {
    throw new PassTpeError({
      code: "OPTIONS_INVALID",
      detail:
        "network stands in for plain http alone; leave it out where the gateway is an https URL",
    });
  }
  if (credentials === undefined) return new https.Agent(kept);
  const { ca, certificate, privateKey } = credentials;
  return new https.Agent({
    ...kept,
    ca,
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    minVersion: "TLSv1.2",
  });
}

class GivenNetwork extends http.Agent {
  readonly #network: TerminalNetwork;

  constructor(options: http.AgentOptions, network: TerminalNetwork) {
    super(options);
    this.#network = network;
  }

  override createConnection(): Duplex {
    return this.#network.connect();
  }
}
