// Who may hold a connection: a terminal with its certificate may; whoever has shown none makes room for the next.

import type { Server } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { networkOf } from "./network.js";
import { createPool, type PoolLimits } from "./pool.js";

export interface ConnectionLimits {
  /** Those whose handshake is not over: a whole estate of terminals may come from behind one address. */
  readonly knocking: PoolLimits;
  /** Those who have no good certificate. */
  readonly strangers: PoolLimits;
  /** So long after it knocked, a connection without a good certificate is cut, whatever it does; null where strangers are who it is for. */
  readonly strangerLifeMs: number | null;
  /** The most connections of one caller, whichever of its certificates they show; one more is refused. */
  readonly perCertificateMax: number;
}

/** A connection as it came, before TLS. */
interface Lower {
  readonly socket: Socket;
  readonly life: NodeJS.Timeout | undefined;
}

/** Bounds the connections of a TLS server. */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  const { strangerLifeMs, perCertificateMax } = limits;
  const knocking = createPool(limits.knocking);
  const strangers = createPool(limits.strangers);
  /** The connections below those of TLS, by their two ends. */
  const lower = new Map<string, Lower>();
  const held = new Map<string, number>();

  server.on("connection", (socket: Socket) => {
    const ends = endsOf(socket);
    const life = strangerLifeMs === null ? undefined : cutAfter(socket, strangerLifeMs);
    lower.set(ends, { socket, life });
    knocking.add(socket, networkOf(socket.remoteAddress ?? ""));
    socket.once("close", () => {
      clearTimeout(life);
      lower.delete(ends);
      knocking.delete(socket);
      strangers.delete(socket);
    });
  });

  server.on("secureConnection", (socket: TLSSocket) => {
    const below = lower.get(endsOf(socket));
    // The other side hung up in the meantime.
    if (!below) return;
    knocking.delete(below.socket);
    if (socket.authorized) {
      clearTimeout(below.life);
      admit(socket);
    } else strangers.add(below.socket, networkOf(below.socket.remoteAddress ?? ""));
  });

  function admit(socket: TLSSocket): void {
    // Who it was issued to, not the certificate itself: a renewal is not another caller.
    const subject = socket.getPeerX509Certificate()?.subject ?? "";
    const count = held.get(subject) ?? 0;
    if (count >= perCertificateMax) {
      socket.destroy();
      return;
    }
    held.set(subject, count + 1);
    socket.once("close", () => {
      const left = (held.get(subject) ?? 1) - 1;
      if (left === 0) held.delete(subject);
      else held.set(subject, left);
    });
  }
}

function cutAfter(socket: Socket, ms: number): NodeJS.Timeout {
  return setTimeout(() => socket.destroy(), ms);
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
