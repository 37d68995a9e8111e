// Routes of agents: who gets credentials, and whose are worth nothing any more.

import { z } from "zod";
import type { Agent, Role } from "../../core/loading/event.js";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, NewIdSchema, OFFICES, type Reply, type Route, unknown } from "./route.js";

export const AGENT_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/agents",
    operation: "issueAgent",
    roles: OFFICES,
    takes: "json",
    handle: issueAgent,
  },
  {
    method: "post",
    path: "/v1/agents/:id/revocation",
    operation: "revokeAgent",
    roles: OFFICES,
    takes: "nothing",
    handle: revokeAgent,
  },
];

const NewAgentSchema = z
  .strictObject({
    id: NewIdSchema,
    role: z.enum(["operator", "region", "etablissement"]),
    etablissement: z.string().min(1).max(64).nullable().default(null),
  })
  .refine(({ role, etablissement }) => (role === "etablissement") === (etablissement !== null), {
    path: ["etablissement"],
    error: "is needed for the role etablissement, and for no other",
  });

async function issueAgent(backend: OperatorsBackend, { agent: by, body }: Call): Promise<Reply> {
  const agent = parseBody(NewAgentSchema, body);
  const known = await backend.store.agent(agent.id);
  refuseOtherOffice(by, agent.role);
  if (known && (known.role !== agent.role || known.etablissement !== agent.etablissement)) {
    throw new ProblemError({
      code: "CONTRADICTION",
      detail: "An agent of this id has another role or établissement. Choose another id.",
    });
  }
  // With another's name one could sign as them.
  if (known?.status === "active" && known.id !== by.id) {
    throw new ProblemError({
      code: "CONTRADICTION",
      detail: "An agent of this id is active. Revoke it and choose another id.",
    });
  }
  const credentials = await backend.issueAgent(agent, by);
  if (credentials === null) {
    throw new ProblemError({
      code: "CONTRADICTION",
      detail: "An agent of this id was revoked, and that is not undone. Choose another id.",
    });
  }
  return { body: { ...agent, ...credentials }, act: { subject: agent.id, role: agent.role } };
}

/** Suspending is the Région's alone, so its agents are its own: an operator makes and unmakes none of them. */
function refuseOtherOffice(by: Agent, role: Role): void {
  if ((by.role === "region") === (role === "region")) return;
  throw new ProblemError({
    code: "NOT_ALLOWED",
    detail: "The Région's agents are issued and revoked by the Région, all others by the operator.",
  });
}

async function revokeAgent(backend: OperatorsBackend, { agent: by, id }: Call): Promise<Reply> {
  const known = await backend.store.agent(id);
  if (known === null) throw unknown("There is no agent of this id.");
  refuseOtherOffice(by, known.role);
  await backend.revokeAgent(id, by);
  return { body: { id, status: "revoked" }, act: { subject: id } };
}
