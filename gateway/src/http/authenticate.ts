// Who is calling: the client certificate is the terminal's identity, never a field of a message.

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { KnownTerminal, Store } from "../core/ports.js";
import { ProblemError } from "./problems.js";

/** A connection's certificate does not change; its digest is made once. */
const fingerprints = new WeakMap<TLSSocket, string>();

function fingerprintOf(socket: TLSSocket): string | null {
  const known = fingerprints.get(socket);
  if (known) return known;
  const raw = socket.getPeerX509Certificate()?.raw;
  if (!socket.authorized || !raw) return null;
  const fingerprint = createHash("sha256").update(raw).digest("hex");
  fingerprints.set(socket, fingerprint);
  return fingerprint;
}

/**
 * The terminal behind a connection. Looked up at every request, so that a change takes effect at the next.
 *
 * @throws ProblemError TERMINAL_AUTH_FAILED without a certificate of our authority, TERMINAL_NOT_AUTHORISED when no
 * terminal has it.
 */
export async function authenticate(store: Store, request: IncomingMessage): Promise<KnownTerminal> {
  const { socket } = request;
  const fingerprint = socket instanceof TLSSocket ? fingerprintOf(socket) : null;
  if (fingerprint === null) {
    throw new ProblemError({
      code: "TERMINAL_AUTH_FAILED",
      detail:
        "A client certificate issued by this gateway is needed. Integrator: give the SDK the terminal's credentials.",
    });
  }
  const terminal = await store.terminalByCertificate(fingerprint);
  if (terminal === null) {
    throw new ProblemError({
      code: "TERMINAL_NOT_AUTHORISED",
      detail: "No terminal has this certificate. Operator: enrol the terminal again.",
    });
  }
  return terminal;
}

/**
 * Refuses what a revoked terminal may not do: anything but present itself to a decision, which refuses it with its
 * own code, or gives back the stored answer of an earlier try. Its sales are the operator's to reverse.
 *
 * @throws ProblemError TERMINAL_NOT_AUTHORISED.
 */
export function refuseRevoked(terminal: KnownTerminal): void {
  if (terminal.status === "active") return;
  throw new ProblemError({
    code: "TERMINAL_NOT_AUTHORISED",
    detail: "This terminal is revoked. Partner: ask the operator, who can reverse its sales.",
  });
}
