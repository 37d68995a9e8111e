// Routes of events, and of what they made of a young person's file.

import { beneficiaryView } from "./beneficiary.js";
import { eventAnswer } from "./outcome.js";
import type { OperatorsBackend } from "./ports.js";
import { ANYONE, type Call, type Reply, type Route, unknown } from "./route.js";

export const EVENT_ROUTES: readonly Route[] = [
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
