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
    deadlineMs: request.deadlineMs ?? GATEWAY_DEADLINE_MS,
  });
}

export async function inquire(context: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(InquiryRequestSchema, call.body);
  const { terminalId, receivedAtMonotonicMs } = call;
  return decided(context, {
    command: { type: "inquire", terminalId, request, receivedAtMonotonicMs },
    id: request.id,
    deadlineMs: request.deadlineMs ?? GATEWAY_DEADLINE_MS,
  });
}

export async function status({ store }: RouteContext, call: Call): Promise<Reply> {
  const id = parseId(call.id);
  const found = await store.status(call.terminalId, id);
  if (!found) throw notFound();
  return { body: found, id };
}
