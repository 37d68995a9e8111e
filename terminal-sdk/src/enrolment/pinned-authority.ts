// Finds the authority that an activation code names in what a gateway shows of itself, before anything is sent to it.

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { authorityHash } from "@pass-tpe/protocol/standards";
import type { TerminalClock } from "../clock.js";
import { PassTpeError, textOf } from "../errors.js";

/** A gateway shows its certificate and its authority; more than a few are no chain of ours. */
const CHAIN_CERTIFICATES_MAX = 5;
const DEFAULT_PORT = 443;

export interface AuthoritySearch {
  /** An https URL. */
  readonly gateway: URL;
  /** The first bytes of SHA-256 of the authority's certificate, out of the activation code. */
  readonly authorityHash: Buffer;
  readonly timeoutMs: number;
  readonly clock: TerminalClock;
}

/**
 * Makes one TLS handshake without trust and takes the certificates out of it; no byte of a request is sent. The hash in
 * the activation code came by another way than the network: whoever stands in between has no certificate of that hash.
 *
 * @returns the authority, PEM.
 * @throws PassTpeError `GATEWAY_NOT_TRUSTED` where it is not among them, `UNREACHABLE`.
 */
export async function findPinnedAuthority(search: AuthoritySearch): Promise<string> {
  for (const certificate of await shownCertificates(search)) {
    const matches = authorityHash(certificate.raw).equals(search.authorityHash);
    if (matches && certificate.ca) return certificate.toString();
  }
  throw new PassTpeError({
    code: "GATEWAY_NOT_TRUSTED",
    detail: `${search.gateway.host} is not the gateway that the activation code is for, and nothing was sent to it: check gateway and the code; if both are right somebody may be listening in: tell the operator`,
  });
}

function shownCertificates(search: AuthoritySearch): Promise<X509Certificate[]> {
  const { gateway, timeoutMs, clock } = search;
  const host = gateway.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const port = gateway.port === "" ? DEFAULT_PORT : Number(gateway.port);
    const named = isIP(host) === 0 ? { servername: host } : {};
    // Not verified on purpose: what is shown is compared with the code's hash, and the socket is used for nothing else.
    const socket = connect({
      host,
      port,
      ...named,
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
    });
    const settle = (end: () => void) => {
      callOff();
      socket.destroy();
      end();
    };
    const fail = (detail: string, cause?: unknown) =>
      settle(() => reject(new PassTpeError({ code: "UNREACHABLE", detail, cause })));
    const callOff = clock.after(timeoutMs, () =>
      fail(`no TLS handshake with ${gateway.host} within ${timeoutMs} ms; check gateway`),
    );
    socket.once("secureConnect", () => {
      const shown = chainOf(socket);
      settle(() => resolve(shown));
    });
    // The listener stays after the end: a destroyed socket still reports its own error.
    socket.on("error", (error) =>
      fail(`no TLS handshake with ${gateway.host}; check gateway (${textOf(error)})`, error),
    );
  });
}

function chainOf(socket: TLSSocket): X509Certificate[] {
  const shown: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A self-signed authority is its own issuer.
  while (next?.raw !== undefined && shown.length < CHAIN_CERTIFICATES_MAX) {
    shown.push(new X509Certificate(next.raw));
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return shown;
}
