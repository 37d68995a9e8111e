// What a connection's client certificate says: its fingerprint, and what kind of caller it was issued to.

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

export interface ClientCertificate {
  /** SHA-256 of its DER, lower-case hex. */
  readonly fingerprint: string;
  /** The OU it was issued under, such as `agent`; null where it has none. */
  readonly organizationalUnit: string | null;
  readonly endsAtMs: number;
}

/** Tells what certificate a request came with. */
export type ReadCertificate = (request: IncomingMessage) => ClientCertificate | null;

/** A connection's certificate does not change; it is looked at once. */
const known = new WeakMap<TLSSocket, ClientCertificate>();

/** The caller's certificate, if it is one of our authority; null otherwise. */
export function clientCertificate({ socket }: IncomingMessage): ClientCertificate | null {
  if (!(socket instanceof TLSSocket)) return null;
  const seen = known.get(socket);
  if (seen) return seen;
  const peer = socket.getPeerX509Certificate();
  if (!socket.authorized || !peer) return null;
  const unit = peer.subject.split("\n").find((line) => line.startsWith("OU="));
  const certificate = {
    fingerprint: createHash("sha256").update(peer.raw).digest("hex"),
    organizationalUnit: unit?.slice("OU=".length) ?? null,
    endsAtMs: Date.parse(peer.validTo),
  };
  known.set(socket, certificate);
  return certificate;
}
