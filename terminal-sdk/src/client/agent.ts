// Opens and keeps connections to the gateway: over TLS, and in the tests of tills over what stands in for it.

import http from "node:http";
import https, { type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { TerminalCredentials } from "../credentials.js";
import { PassTpeError } from "../errors.js";

/** Connections to the gateway at a time: a sale, what is owed (three queues), a status query, the heartbeat. */
const SOCKETS_MAX = 6;

/** Whom the terminal trusts, and by what it proves who it is: an enrolment has no certificate yet. */
export type TlsIdentity = Pick<TerminalCredentials, "ca"> & Partial<TerminalCredentials>;

/** Opens connections in the place of TCP, so that a simulator owns the wire. */
export interface TerminalNetwork {
  /** A new connection. It says `connect` once it stands, or `error`. */
  connect(): Duplex;
}

/** @throws PassTpeError `OPTIONS_INVALID`. */
export function agentFor(
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
  return new ResumingAgent({
    ...kept,
    ca,
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    minVersion: "TLSv1.2",
  });
}

/**
 * Opens each new connection with what the last one has left: certificates and key as read once, and the TLS session, which
 * spares both ends the proofs of who they are. Node's own agent reads the first anew for each connection, and forgets the
 * second with one that was reset: when it is needed most.
 */
class ResumingAgent extends https.Agent {
  #context: SecureContext | null = null;
  #session: Buffer | null = null;

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    this.#context ??= createSecureContext(this.options);
    const session = this.#session;
    const ready = {
      ...options,
      secureContext: this.#context,
      ...(session === null ? {} : { session }),
    };
    const socket = super.createConnection(ready, callback);
    if (socket instanceof TLSSocket) this.#learnFrom(socket);
    return socket;
  }

  #learnFrom(socket: TLSSocket): void {
    socket.on("session", (session) => {
      this.#session = session;
    });
    // Whatever was wrong with it: the next one goes without.
    const forget = () => {
      this.#session = null;
    };
    socket.once("error", forget);
    socket.once("secureConnect", () => socket.off("error", forget));
  }
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
