// Who is calling: the client certificate is the terminal's identity, never a field of a message.

import type { IncomingMessage } from "node:http";
import type { KnownTerminal, Store } from "../../core/ports.js";
import { clientCertificate } from "../certificate.js";
import { ProblemError } from "../problem-error.js";

/**
 * The terminal behind a connection. Looked up at every request, so that a change takes effect at the next.
 *
 * @throws ProblemError TERMINAL_AUTH_FAILED without a certificate of our authority, TERMINAL_NOT_AUTHORISED when no
 * terminal has it.
 */
export async function authenticate(
  store: Pick<Store, "terminalByCertificate">,
  request: IncomingMessage,
): Promise<KnownTerminal> {
  const certificate = clientCertificate(request);
  if (certificate === null) {
    throw new ProblemError({
      code: "TERMINAL_AUTH_FAILED",
      detail:
        "A client certificate issued by this gateway is needed. Integrator: give the SDK the terminal's credentials.",
    });
  }
  if (certificate.organizationalUnit === "agent") {
    throw new ProblemError({
      code: "TERMINAL_NOT_AUTHORISED",
      detail: "This certificate is an agent's. Agents call the operators' listener, not this one.",
    });
  }
  const terminal = await store.terminalByCertificate(certificate.fingerprint);
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
