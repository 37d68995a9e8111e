// The gateway's listeners: terminals and agents over mutual TLS, health and metrics in clear; and how they end.

import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { type ConnectionLimits, limitConnections } from "./limits/connections.js";
import { limitRequests } from "./limits/requests.js";
import { TLS_POLICY } from "./limits/tls-policy.js";
import type { Metrics } from "./observe.js";

/** The most bytes of headers; a terminal sends some hundred. */
const HEADER_BYTES_MAX = 8 * 1024;
/** What the clean shutdown waits for sales in flight: a sale's whole deadline and a little more. */
const DRAIN_TIMEOUT_MS = 6_000;
const IDLE_SWEEP_MS = 20;
/** Each terminal keeps a connection or two; beyond this, new ones wait at the door. */
const CONNECTIONS_MAX = 10_000;
/** People, or the site before them, ask once and go: they do not take what terminals need. */
const HOLDER_CONNECTIONS_MAX = 1_000;

/** How long a caller may take, in milliseconds; a body has a limit of its own. */
export interface Patience {
  /** For the TLS handshake. */
  readonly handshakeMs: number;
  /** From the connection, or the first byte of a later request, to the last header. */
  readonly headersMs: number;
  /** From there too, to the last byte of the request; 0 where it may take as long as it takes. */
  readonly requestMs: number;
  /** From the last header to the last byte of the answer; null where that may take as long as it takes. */
  readonly answerMs: number | null;
  readonly keepAliveMs: number;
  /** How often headers and requests are looked at. */
  readonly checkEveryMs: number;
}

/** The pauses between customers at a busy till are shorter, so that the connection is there when a card is. */
const PATIENCE: Patience = {
  handshakeMs: 5_000,
  headersMs: 10_000,
  requestMs: 15_000,
  answerMs: 20_000,
  keepAliveMs: 120_000,
  checkEveryMs: 1_000,
};

/** Where callers show a certificate, who has none is answered once and sent away. */
const BY_CERTIFICATE: ConnectionLimits = {
  knocking: { max: 1_024, perNetworkMax: 1_024 },
  strangers: { max: 512, perNetworkMax: 64 },
  strangerLifeMs: 10_000,
  perCertificateMax: 256,
};

/** Where nobody has one. A site that stands before the listener is one address with many connections. */
const BY_PASSWORD: ConnectionLimits = {
  knocking: { max: HOLDER_CONNECTIONS_MAX, perNetworkMax: HOLDER_CONNECTIONS_MAX },
  strangers: { max: HOLDER_CONNECTIONS_MAX, perNetworkMax: 256 },
  strangerLifeMs: null,
  perCertificateMax: 0,
};

interface TlsIdentity {
  readonly certificate: string;
  readonly privateKey: string;
  /** The authority that callers' certificates must come from. */
  readonly authority: string;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting, lets requests in flight end, then closes. */
  close(): Promise<void>;
  /** Shows another certificate from the next handshake on; connections that stand go on. Left out where there is no TLS. */
  readonly present?: (server: Omit<TlsIdentity, "authority">) => void;
}

interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where a caller may take more or less time than is usual. */
  readonly patience?: Partial<Patience>;
  readonly connections?: Partial<ConnectionLimits>;
}

/**
 * Listens for terminals. A connection without a good client certificate is accepted as a connection and refused as a
 * caller, with a problem document that says why, before anything of its request is read.
 */
export function listenForTerminals(
  app: RequestListener,
  options: ListenOptions & { readonly tls: TlsIdentity },
): Promise<Listener> {
  return listenByCertificate(app, { ...options, patience: { ...PATIENCE, ...options.patience } });
}

/** Listens for agents in the same way. A bulk load takes as long as it takes: its own idle limit ends it, not the whole. */
export function listenForOperators(
  app: RequestListener,
  options: ListenOptions & { readonly tls: TlsIdentity },
): Promise<Listener> {
  const patience = { ...PATIENCE, requestMs: 0, answerMs: null, ...options.patience };
  return listenByCertificate(app, { ...options, patience });
}

/** Listens for young people, or for the site that stands before them: a password is what they show, not a certificate. */
export function listenForHolders(
  app: RequestListener,
  options: ListenOptions & { readonly tls: Omit<TlsIdentity, "authority"> },
): Promise<Listener> {
  const patience = { ...PATIENCE, keepAliveMs: 10_000, ...options.patience };
  const { certificate: cert, privateKey: key } = options.tls;
  const limited = limitRequests(app, { lifeMs: patience.answerMs, strangersAskOnce: false });
  const secured = { cert, key, ...TLS_POLICY };
  const server = createTlsServer({ ...secured, ...tlsOptions(patience) }, limited);
  // Above what the pools keep, so that it is them who choose whom to cut.
  server.maxConnections = 2 * HOLDER_CONNECTIONS_MAX + 1;
  limitConnections(server, { ...BY_PASSWORD, ...options.connections });
  return listenSecured(server, { ...options, secured });
}

function listenByCertificate(
  app: RequestListener,
  options: ListenOptions & { readonly tls: TlsIdentity; readonly patience: Patience },
): Promise<Listener> {
  const { tls, patience } = options;
  const { certificate: cert, privateKey: key, authority: ca } = tls;
  const limited = limitRequests(app, { lifeMs: patience.answerMs, strangersAskOnce: true });
  const secured = { cert, key, ca, ...TLS_POLICY };
  const caller = { requestCert: true, rejectUnauthorized: false };
  const server = createTlsServer({ ...secured, ...caller, ...tlsOptions(patience) }, limited);
  server.maxConnections = CONNECTIONS_MAX;
  limitConnections(server, { ...BY_CERTIFICATE, ...options.connections });
  return listenSecured(server, { ...options, secured });
}

/** @param options.secured what a secure context is made of; a later one differs by certificate and key alone. */
async function listenSecured(
  server: TlsServer,
  options: ListenOptions & { readonly secured: SecureContextOptions },
): Promise<Listener> {
  return {
    ...(await listen(server, options)),
    present: ({ certificate: cert, privateKey: key }) =>
      server.setSecureContext({ ...options.secured, cert, key }),
  };
}

function tlsOptions(patience: Patience) {
  return {
    ...httpOptions(patience),
    handshakeTimeout: patience.handshakeMs,
    noDelay: true,
  };
}

function httpOptions({ headersMs, requestMs, keepAliveMs, checkEveryMs }: Patience) {
  return {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: checkEveryMs,
  };
}

/** Health and metrics, in clear: for the machine's own supervisor and scraper, and for what spreads calls over gateways. */
export function listenForHealth(options: {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** Why the gateway is not ready; null where it is. */
  readonly unready: () => string | null;
}): Promise<Listener> {
  const { metrics, unready } = options;
  const answer: RequestListener = (request, response) => {
    const text = (status: number, body: string, type = "text/plain; charset=utf-8") =>
      response.writeHead(status, { "Content-Type": type }).end(body);
    if (request.method !== "GET") text(405, "GET only\n");
    else if (request.url === "/healthz") text(200, "ok\n");
    else if (request.url === "/readyz") {
      const why = unready();
      if (why === null) text(200, "ready\n");
      else text(503, `not ready: ${why}\n`);
    } else if (request.url === "/metrics") {
      metrics.registry.metrics().then(
        (body) => text(200, body, metrics.registry.contentType),
        () => text(500, "metrics failed\n"),
      );
    } else text(404, "/healthz, /readyz or /metrics\n");
  };
  const limits = { lifeMs: PATIENCE.answerMs, strangersAskOnce: false };
  const server = createServer(httpOptions(PATIENCE), limitRequests(answer, limits));
  return listen(server, options);
}

function listen(server: Server, { host, port }: ListenOptions): Promise<Listener> {
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
