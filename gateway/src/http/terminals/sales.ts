// The routes on which a card is presented, and the look-up of what came of it.

import {
  AuthorizationRequestSchema,
  GATEWAY_DEADLINE_MS,
  InquiryRequestSchema,
} from "@pass-tpe/protocol";
import { parseBody } from "../body.js";
import { decided, notFound, parseId } from "./decided.js";
import type { Call, Reply, RouteContext } from "./route.js";

export async function authorize(context: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(AuthorizationRequestSchema, call.body);
  const { terminalId, receivedAtMonotonicMs } = call;
  return decided(context, {
    command: { type: "authorize", terminalId, request, receivedAtMonotonicMs },
    id: request.id,
    deadlineMs: leftMs(context, { ...call, ...request }),
  });
}

export async function inquire(context: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(InquiryRequestSchema, call.body);
  const { terminalId, receivedAtMonotonicMs } = call;
  return decided(context, {
    command: { type: "inquire", terminalId, request, receivedAtMonotonicMs },
    id: request.id,
    deadlineMs: leftMs(context, { ...call, ...request }),
  });
}

/** Who is late already is told so by the store, and that takes a commit. */
const ANSWER_NEEDS_MS = 100;

/** What is left of the deadline, which runs from the arrival of the request's first bytes. */
function leftMs(
  { clock }: RouteContext,
  asked: { readonly receivedAtMonotonicMs: number; readonly deadlineMs?: number | undefined },
): number {
  const { receivedAtMonotonicMs, deadlineMs = GATEWAY_DEADLINE_MS } = asked;
  const goneMs = clock.monotonicMs() - receivedAtMonotonicMs;
  return Math.max(deadlineMs - goneMs, ANSWER_NEEDS_MS);
}

export async function status({ store }: RouteContext, call: Call): Promise<Reply> {
  const id = parseId(call.id);
  const found = await store.status(call.terminalId, id);
  if (!found) throw notFound();
  return { body: found, id };
}
