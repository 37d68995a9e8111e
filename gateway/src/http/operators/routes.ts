// The route table of the operators' listener: each operation, who may use it, and what it does.

import { z } from "zod";
import type { Agent, Role } from "../../core/loading/event.js";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import { beneficiaryView } from "./beneficiary.js";
import { eventAnswer } from "./outcome.js";
import type { OperatorsBackend } from "./ports.js";

export interface Call {
  readonly agent: Agent;
  /** The `{id}` of the path; empty where there is none. */
  readonly id: string;
  readonly body: unknown;
}

/** An answer, and what the log says of it beside agent and operation. */
export interface Reply {
  readonly body: object;
  readonly act: Readonly<Record<string, string | boolean>>;
}

interface Common {
  readonly method: "get" | "post";
  /** Express path. */
  readonly path: string;
  readonly operation: string;
  readonly roles: readonly Role[];
}

export type Route = Common &
  (
    | { readonly takes: "lines" }
    | {
        readonly takes: "json" | "nothing";
        readonly handle: (backend: OperatorsBackend, call: Call) => Promise<Reply>;
      }
  );

const ANYONE: readonly Role[] = ["operator", "region", "etablissement"];
const OPERATOR: readonly Role[] = ["operator"];
const OFFICES: readonly Role[] = ["operator", "region"];

export const ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/events",
    operation: "sendEvent",
    // Which role may send which event is the core's to say.
    roles: ANYONE,
    takes: "json",
    handle: sendEvent,
  },
  {
    method: "post",
    path: "/v1/events/batch",
    operation: "sendEvents",
    roles: ANYONE,
    takes: "lines",
  },
  {
    method: "get",
    path: "/v1/beneficiaries/:id",
    operation: "beneficiary",
    roles: ANYONE,
    takes: "nothing",
    handle: beneficiary,
  },
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
  {
    method: "post",
    path: "/v1/terminals/:id/revocation",
    operation: "revokeTerminal",
    roles: OPERATOR,
    takes: "nothing",
    handle: revokeTerminal,
  },
];

async function sendEvent(backend: OperatorsBackend, { agent, body }: Call): Promise<Reply> {
  const submission = await backend.submit(agent, body);
  const answer = eventAnswer(submission);
  const { outcome, replayed } = answer;
  const about =
    submission.type === "answered" ? { type: submission.event, subject: submission.subject } : {};
  return { body: answer, act: { id: answer.id, ...about, outcome, replayed } };
}

async function beneficiary({ store }: OperatorsBackend, { agent, id }: Call): Promise<Reply> {
  const view = beneficiaryView(agent, await store.beneficiary(id));
  if (view === null) throw unknown("No beneficiary with this numéro de dossier is within reach.");
  return { body: view, act: { subject: id } };
}

const NewAgentSchema = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error: "must be 1 to 64 of A-Z, a-z, 0-9 and . _ -",
    }),
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

async function revokeTerminal(backend: OperatorsBackend, { agent: by, id }: Call): Promise<Reply> {
  if ((await backend.store.place(id)) === null) throw unknown("There is no terminal of this id.");
  await backend.revokeTerminal(id, by);
  return { body: { id, status: "revoked" }, act: { subject: id } };
}

function unknown(detail: string): ProblemError {
  return new ProblemError({ code: "UNKNOWN_SUBJECT", detail });
}
