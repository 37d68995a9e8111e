// A listener of the gateway with next to nothing behind it, and clients that speak to it byte by byte.

import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import {
  certificateAuthority,
  createAuthority,
  type Identity,
  issueServer,
} from "../../gateway/src/crypto/authority.js";
import type { Listener, listenForTerminals } from "../../gateway/src/http/listeners.js";

/** All three listeners for callers from elsewhere are built by a function of this form. */
export type Listen = typeof listenForTerminals;
type Options = Parameters<Listen>[1];

const MADE = { random: { bytes: randomBytes }, nowMs: Date.now() };
const AUTHORITY = createAuthority(MADE);
const SERVER = issueServer(AUTHORITY, { ...MADE, hosts: ["127.0.0.1"] });

/** A client certificate of the listeners' authority. */
export function clientIdentity(agentId = "client"): Promise<Identity> {
  const authority = certificateAuthority({ identity: AUTHORITY, random: MADE.random });
  return authority.issueAgent({ agentId, nowMs: MADE.nowMs });
}

/** Answers what it was asked and how. */
export const echo: RequestListener = (request, response) => {
  request.resume().once("end", () => response.end(`${request.method} ${request.url}`));
};

/** Starts a listener on loopback. */
export function startBare(
  listen: Listen,
  app: RequestListener = echo,
  options: Pick<Options, "patience" | "connections"> = {},
): Promise<Listener> {
  const tls = { ...SERVER, authority: AUTHORITY.certificate };
  return listen(app, { host: "127.0.0.1", port: 0, tls, ...options });
}

export interface RawConnection {
  readonly socket: Socket;
  /** Everything that came so far. */
  text(): string;
  /** Resolves when the server's bytes so far match. Rejects when the connection is over before. */
  heard(pattern: RegExp): Promise<string>;
  /** Resolves with everything that came once the connection is over, however that was. */
  over(): Promise<string>;
}

/** Watches what comes over a connection. */
export function watch(socket: Socket): RawConnection {
  let text = "";
  const over = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  socket.on("data", (part: Buffer) => {
    text += part.toString("latin1");
  });
  // A cut connection may say so; `over` is what tells it.
  socket.on("error", () => undefined);
  return {
    socket,
    text: () => text,
    over: () => over,
    heard: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return;
          socket.off("data", look);
          resolve(text);
        };
        socket.on("data", look);
        over.then(() => reject(new Error(`over after ${JSON.stringify(text)}`)));
        look();
      }),
  };
}

/** Shakes hands; without an identity as a stranger. */
export function shakeHands(
  { port }: Pick<Listener, "port">,
  identity: Identity | null = null,
  options: ConnectionOptions = {},
): Promise<RawConnection & { readonly socket: TLSSocket }> {
  const own = identity && { cert: identity.certificate, key: identity.privateKey };
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: "127.0.0.1",
      port,
      ca: AUTHORITY.certificate,
      ...own,
      ...options,
    });
    socket.once("error", reject);
    socket.once("secureConnect", () => resolve({ ...watch(socket), socket }));
  });
}

/** Connects and says nothing. */
export function knock({ port }: Pick<Listener, "port">): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: "127.0.0.1", port });
    socket.once("error", reject);
    socket.once("connect", () => resolve(watch(socket)));
  });
}
