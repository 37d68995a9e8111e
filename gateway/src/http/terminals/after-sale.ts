// The routes on an earlier sale: reversal, capture and refund.

import {
  CaptureRequestSchema,
  RefundRequestSchema,
  ReversalRequestSchema,
  SALE_DEADLINE_MS,
} from "@pass-tpe/protocol";
import type { Asker } from "../../core/ports.js";
import { parseBody } from "../body.js";
import { decided, parseId, type Words } from "./decided.js";
import type { Call, Reply, RouteContext } from "./route.js";

const OF_A_REFUND: Words = {
  notFound: "No terminal of this partner has sent an authorization with this id.",
  conflict: "This id stands for another refund. Make a new id for a new refund.",
};

export async function reverse(context: RouteContext, call: Call): Promise<Reply> {
  const { terminalId } = call;
  const id = parseId(call.id);
  const { reason } = parseBody(ReversalRequestSchema, call.body);
  return decided(context, {
    command: { type: "reverse", terminalId, id, reason, asker: askerOf(call) },
    id,
    deadlineMs: SALE_DEADLINE_MS,
  });
}

export async function capture(context: RouteContext, call: Call): Promise<Reply> {
  const { terminalId } = call;
  const id = parseId(call.id);
  const request = parseBody(CaptureRequestSchema, call.body);
  return decided(context, {
    command: { type: "capture", terminalId, id, request, asker: askerOf(call) },
    id,
    deadlineMs: SALE_DEADLINE_MS,
  });
}

/** Any terminal of the partner may give back what another one took. */
export async function refund(context: RouteContext, call: Call): Promise<Reply> {
  const id = parseId(call.id);
  const request = parseBody(RefundRequestSchema, call.body);
  return decided(context, {
    command: { type: "refund", of: { terminalId: null, id }, request, asker: askerOf(call) },
    id: request.id,
    deadlineMs: SALE_DEADLINE_MS,
    words: OF_A_REFUND,
  });
}

function askerOf({ terminalId }: Call): Asker {
  return { kind: "terminal", terminalId };
}
