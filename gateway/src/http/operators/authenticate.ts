// Which agent is calling: the client certificate says so, and the store says whether it still may.

import type { IncomingMessage } from "node:http";
import type { Agent } from "../../core/loading/event.js";
import type { Store } from "../../core/ports.js";
import { clientCertificate } from "../certificate.js";
import { ProblemError } from "../problem-error.js";

/**
 * The agent behind a connection. Looked up at every request, so that a revocation takes effect at the next.
 *
 * @throws ProblemError AGENT_AUTH_FAILED without a certificate of our authority, AGENT_NOT_AUTHORISED when it is not
 * an agent's, or the agent is revoked.
 */
export async function authenticateAgent(
  store: Pick<Store, "agentByCertificate">,
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
  const known = await store.agentByCertificate(certificate.fingerprint);
  if (known === null) throw refused("No agent has this certificate. Operator: issue another.");
  const { status, ...agent } = known;
  if (status === "revoked") throw refused("This agent is revoked. Ask the operator.");
  return agent;
}

function refused(detail: string): ProblemError {
  return new ProblemError({ code: "AGENT_NOT_AUTHORISED", detail });
}
