// The gateway's listeners: terminals and agents over mutual TLS, health and metrics on loopback; and how they end.

import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./observe.js";

/** The most bytes of headers; a terminal sends some hundred. */
const HEADER_BYTES_MAX = 8 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than the pauses between customers at a busy till, so that the connection is there when a card is. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;
/** What the clean shutdown waits for sales in flight: a sale's whole deadline and a little more. */
const DRAIN_TIMEOUT_MS = 6_000;
const IDLE_SWEEP_MS = 20;
/** A stranger who does not finish the handshake is cut. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** How often the time-outs above are looked at. */
const TIMEOUT_CHECK_MS = 1_000;
/** Each terminal keeps a connection or two; beyond this, new ones wait at the door. */
const CONNECTIONS_MAX = 10_000;

export interface TlsIdentity {
  readonly certificate: string;
  readonly privateKey: string;
  /** The authority that callers' certificates must come from. */
  readonly authority: string;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting, lets requests in flight end, then closes. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Listens for terminals. A connection without a good client certificate is accepted as a connection and refused as a
 * caller, with a problem document that says why, before anything of its request is read.
 */
export function listenForTerminals(
  app: RequestListener,
  options: ListenOptions & { readonly tls: TlsIdentity },
): Promise<Listener> {
  return listen(createMutualTlsServer(app, options.tls), options);
}

/** Listens for agents in the same way. A bulk load takes as long as it takes: its own idle limit ends it, not the whole. */
export function listenForOperators(
  app: RequestListener,
  options: ListenOptions & { readonly tls: TlsIdentity },
): Promise<Listener> {
  return listen(createMutualTlsServer(app, options.tls), { ...options, requestTimeoutMs: 0 });
}

function createMutualTlsServer(app: RequestListener, tls: TlsIdentity): Server {
  const { certificate, privateKey, authority } = tls;
  return createTlsServer(
    {
      cert: certificate,
      key: privateKey,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      maxHeaderSize: HEADER_BYTES_MAX,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      noDelay: true,
    },
    app,
  );
}

/** Health and metrics, in clear, on loopback only: for the machine's own supervisor and scraper. */
export function listenForHealth(options: {
  readonly port: number;
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
}): Promise<Listener> {
  const { metrics, isReady } = options;
  const server = createServer((request, response) => {
    const text = (status: number, body: string, type = "text/plain; charset=utf-8") =>
      response.writeHead(status, { "Content-Type": type }).end(body);
    if (request.method !== "GET") text(405, "GET only\n");
    else if (request.url === "/healthz") text(200, "ok\n");
    else if (request.url === "/readyz")
      text(isReady() ? 200 : 503, isReady() ? "ready\n" : "not ready\n");
    else if (request.url === "/metrics") {
      metrics.registry.metrics().then(
        (body) => text(200, body, metrics.registry.contentType),
        () => text(500, "metrics failed\n"),
      );
    } else text(404, "/healthz, /readyz or /metrics\n");
  });
  return listen(server, { host: "127.0.0.1", port: options.port });
}

function listen(
  server: Server,
  options: ListenOptions & { readonly requestTimeoutMs?: number },
): Promise<Listener> {
  const { host, port, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = requestTimeoutMs;
  server.maxConnections = CONNECTIONS_MAX;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
    // A kept-alive connection becomes idle when its last answer has left; the server does not look again by itself.
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    server.close(() => {
      clearTimeout(giveUp);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
