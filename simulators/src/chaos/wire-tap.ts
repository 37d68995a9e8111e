// Hears what leaves this process for the gateway and what comes back whole, whatever becomes of it: the SDK is not asked.

import { ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** A POST request: its path, and the `id` in its body where it has one. */
export interface TappedRequest {
  readonly path: string;
  readonly id: string | null;
}

export interface HeardAnswer extends TappedRequest {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WireEars {
  /** Said before a byte of it can be on the wire; not said of what finds no connection. */
  left(request: TappedRequest): void;
  /** Said before the SDK can know. */
  heard(answer: HeardAnswer): void;
}

/** Listens to all POST requests over HTTPS from now on. Called before the first one is made. */
export function tapWire(ears: WireEars): void {
  // The SDK calls it through the module object, as it does for interceptors.
  https.request = new Proxy(https.request, {
    apply(target, self, args) {
      const request: unknown = Reflect.apply(target, self, args);
      if (request instanceof ClientRequest && request.method === "POST") watch(request, ears);
      return request;
    },
  });
}

function watch(request: ClientRequest, ears: WireEars): void {
  const { path } = request;
  let id: string | null = null;
  request.end = new Proxy(request.end, {
    apply(target, self, args: readonly unknown[]) {
      id = idIn(args[0]);
      return Reflect.apply(target, self, args);
    },
  });
  request.prependOnceListener("socket", (socket: Socket) => {
    const leave = () => {
      if (!request.destroyed) ears.left({ path, id });
    };
    if (isStanding(socket)) leave();
    else socket.prependOnceListener("secureConnect", leave);
  });
  request.prependOnceListener("response", (response: IncomingMessage) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      if (!response.complete) return;
      const status = response.statusCode ?? 0;
      ears.heard({ path, id, status, body: bodyOf(Buffer.concat(chunks).toString("utf8")) });
    });
  });
}

/** Before its handshake is done a TLS connection carries nothing of a request. */
function isStanding(socket: Socket): boolean {
  const isHandshaking =
    socket instanceof TLSSocket && "secureConnecting" in socket && socket.secureConnecting === true;
  return !socket.connecting && !isHandshaking;
}

function idIn(body: unknown): string | null {
  const { id } = typeof body === "string" ? bodyOf(body) : {};
  return typeof id === "string" ? id : null;
}

/** Of a body that is no JSON object: nothing. */
function bodyOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
