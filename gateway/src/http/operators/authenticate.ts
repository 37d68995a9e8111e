// Which agent is calling: the client certificate says so, and the store says whether it still may.

import type { IncomingMessage } from "node:http";
import type { Agent } from "../../core/loading/event.js";
import type { Clock, Store } from "../../core/ports.js";
import { clientCertificate } from "../certificate.js";
import { ProblemError } from "../problem-error.js";

interface Known {
  readonly store: Pick<Store, "agentByCertificate">;
  readonly clock: Pick<Clock, "nowMs">;
}

/**
 * The agent behind a connection. Looked up at every request, so that a revocation takes effect at the next.
 *
 * @throws ProblemError AGENT_AUTH_FAILED without a certificate of our authority or with one that is over,
 * AGENT_NOT_AUTHORISED when it is not an agent's, or the agent is revoked.
 */
export async function authenticateAgent(
  { store, clock }: Known,
  request: IncomingMessage,
): Promise<Agent> {
  const certificate = clientCertificate(request);
  if (certificate === null) {
    throw new ProblemError({
      code: "AGENT_AUTH_FAILED",
      detail:
        "A client certificate issued by this gateway is needed. Operator: issue one with `pass-tpe agent issue`.",
    });
  }
  if (certificate.organizationalUnit !== "agent") {
    throw refused("This certificate is not an agent's. Terminals call their own listener.");
  }
  // The handshake saw it good; a connection may outlive it.
  if (clock.nowMs() >= certificate.endsAtMs) {
    throw new ProblemError({
      code: "AGENT_AUTH_FAILED",
      detail: "This agent's certificate is over. Operator: issue another.",
    });
  }
  const known = await store.agentByCertificate(certificate.fingerprint);
  if (known === null) throw refused("No agent has this certificate. Operator: issue another.");
  const { status, ...agent } = known;
  if (status === "revoked") throw refused("This agent is revoked. Ask the operator.");
  return agent;
}

function refused(detail: string): ProblemError {
  return new ProblemError({ code: "AGENT_NOT_AUTHORISED", detail });
}
