// Who is calling: the client certificate is the terminal's identity, never a field of a message.

import type { IncomingMessage } from "node:http";
import type { Clock, KnownTerminal, Store } from "../../core/ports.js";
import { clientCertificate, type ReadCertificate } from "../certificate.js";
import { ProblemError } from "../problem-error.js";
import type { Enrolment } from "./ports.js";
import type { Route } from "./route.js";

interface Known {
  readonly store: Pick<Store, "terminalByCertificate"> & {
    /** @throws ClosedError where the clock cannot be believed just now; it always is by default. */
    checkClock?(): void;
  };
  readonly enrolment: Pick<Enrolment, "renewing">;
  readonly clock: Pick<Clock, "nowMs">;
  /** The TLS connection's by default. */
  readonly readCertificate?: ReadCertificate;
}

export interface Caller extends KnownTerminal {
  /** SHA-256 of its certificate's DER, lower-case hex. */
  readonly certificate: string;
}

/** Who need not say who it is. */
const STRANGER: Caller = { id: "", certificate: "", status: "active" };

/**
 * Who calls. Looked up at every request, so that a change takes effect at the next.
 *
 * @throws ProblemError TERMINAL_AUTH_FAILED without a certificate of our authority, TERMINAL_NOT_AUTHORISED when no
 * terminal has it, or has yet to confirm it.
 */
export async function authenticate(
  known: Known,
  { caller, request }: { readonly caller: Route["caller"]; readonly request: IncomingMessage },
): Promise<Caller> {
  if (caller === "stranger") return STRANGER;
  const certificate = certificateOf(request, known);
  const terminal = await known.store.terminalByCertificate(certificate);
  if (terminal !== null) return { ...terminal, certificate };
  const renewing = await known.enrolment.renewing(certificate);
  if (renewing !== null && caller === "renewing") return { ...renewing, certificate };
  throw new ProblemError({
    code: "TERMINAL_NOT_AUTHORISED",
    detail:
      renewing === null
        ? "No terminal has this certificate. Operator: enrol the terminal again."
        : "This certificate is not in force yet. Integrator: confirm the renewal first, or use the one before it.",
  });
}

/**
 * The fingerprint of the caller's certificate.
 *
 * @throws ProblemError where it is none that a terminal may show, ClosedError where a clock that jumped cannot tell.
 */
function certificateOf(
  request: IncomingMessage,
  { store, clock, readCertificate = clientCertificate }: Known,
): string {
  const certificate = readCertificate(request);
  if (certificate === null) {
    // By a clock that jumped the handshake took a good one for one that is over, or not begun.
    store.checkClock?.();
    throw new ProblemError({
      code: "TERMINAL_AUTH_FAILED",
      detail:
        "A client certificate issued by this gateway, and not over, is needed. Integrator: give the SDK the terminal's credentials. Operator: where they are over, enrol the terminal again.",
    });
  }
  if (certificate.organizationalUnit === "agent") {
    throw new ProblemError({
      code: "TERMINAL_NOT_AUTHORISED",
      detail: "This certificate is an agent's. Agents call the operators' listener, not this one.",
    });
  }
  // The handshake saw it good; a connection may outlive it.
  if (clock.nowMs() >= certificate.endsAtMs) {
    store.checkClock?.();
    throw new ProblemError({
      code: "TERMINAL_AUTH_FAILED",
      detail: "This terminal's certificate is over. Operator: enrol the terminal again.",
    });
  }
  return certificate.fingerprint;
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
