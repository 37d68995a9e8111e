// What one connection may have open: so many requests, each for so long; and a stranger gets one answer.

import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** The SDK sends one at a time. */
const PIPELINED_MAX = 8;

export interface RequestLimits {
  /** From a request's headers to the last byte of its answer; null where a download may take its time. */
  readonly lifeMs: number | null;
  /** Whether a connection without a good certificate is over after its first answer. */
  readonly strangersAskOnce: boolean;
}

/** Puts the limits before an application. */
export function limitRequests(app: RequestListener, limits: RequestLimits): RequestListener {
  const { lifeMs, strangersAskOnce } = limits;
  const open = new WeakMap<Socket, number>();
  const answered = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (strangersAskOnce && isStranger(socket)) {
      // What it sent behind its first request is dropped with the connection.
      if (answered.has(socket)) return;
      answered.add(socket);
      response.shouldKeepAlive = false;
    }
    const count = (open.get(socket) ?? 0) + 1;
    if (count > PIPELINED_MAX) {
      socket.destroy();
      return;
    }
    open.set(socket, count);
    const timer = lifeMs === null ? undefined : setTimeout(() => socket.destroy(), lifeMs).unref();
    response.once("close", () => {
      clearTimeout(timer);
      open.set(socket, (open.get(socket) ?? 1) - 1);
    });
    app(request, response);
  };
}

function isStranger(socket: Socket): boolean {
  return !(socket instanceof TLSSocket && socket.authorized);
}
