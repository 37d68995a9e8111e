// The double's operations: where they are called, and how what is sent becomes a call of the gateway.

import {
  AttemptIdSchema,
  AuthorizationRequestSchema,
  CaptureRequestSchema,
  InquiryRequestSchema,
  ReconciliationRequestSchema,
  RefundRequestSchema,
  ReversalRequestSchema,
} from "@pass-tpe/protocol";
import type { Reply } from "./answers.js";
import { type Checked, checkForm } from "./body.js";
import type { DoubleOperation } from "./codes.js";
import type { DoubleGateway } from "./gateway.js";

export interface Call {
  readonly operation: DoubleOperation;
  /** From the path; empty where there is none. */
  readonly id: string;
  /** Undefined where the operation has none. */
  readonly body: Checked<unknown> | undefined;
}

export const ROUTES = [
  { method: "post", path: "/v1/authorizations", operation: "authorize" },
  { method: "get", path: "/v1/authorizations/:id", operation: "status" },
  { method: "post", path: "/v1/authorizations/:id/reversal", operation: "reverse" },
  { method: "post", path: "/v1/authorizations/:id/capture", operation: "capture" },
  { method: "post", path: "/v1/authorizations/:id/refunds", operation: "refund" },
  { method: "post", path: "/v1/reconciliations", operation: "reconcile" },
  { method: "post", path: "/v1/inquiries", operation: "inquire" },
  { method: "get", path: "/v1/terminal", operation: "terminalProfile" },
] as const;

/** What the double answers; a problem where the form is wrong. */
export function replyTo(gateway: DoubleGateway, call: Call): Reply {
  switch (call.operation) {
    case "authorize":
      return withBody(AuthorizationRequestSchema, call, (request) => gateway.authorize(request));
    case "inquire":
      return withBody(InquiryRequestSchema, call, (request) => gateway.inquire(request));
    case "reconcile":
      return withBody(ReconciliationRequestSchema, call, (request) => gateway.reconcile(request));
    case "reverse":
      return ofSale(ReversalRequestSchema, call, (id, { reason }) =>
        gateway.reverse({ id, reason }),
      );
    case "capture":
      return ofSale(CaptureRequestSchema, call, (id, request) =>
        gateway.capture({ ...request, id }),
      );
    case "refund":
      return ofSale(RefundRequestSchema, call, (of, request) => gateway.refund({ ...request, of }));
    case "status":
      return withId(call, (id) => gateway.status(id));
    case "terminalProfile":
      return gateway.terminalProfile();
  }
}

type Schema<T> = Parameters<typeof checkForm<T>>[0];

function withBody<T>(schema: Schema<T>, { body }: Call, answer: (value: T) => Reply): Reply {
  if (body?.ok === false) return body.problem;
  const checked = checkForm(schema, body?.value);
  return checked.ok ? answer(checked.value) : checked.problem;
}

function withId({ id }: Call, answer: (id: string) => Reply): Reply {
  const checked = checkForm(AttemptIdSchema, id);
  return checked.ok ? answer(checked.value) : checked.problem;
}

function ofSale<T>(schema: Schema<T>, call: Call, answer: (id: string, value: T) => Reply): Reply {
  return withBody(schema, call, (value) => withId(call, (id) => answer(id, value)));
}
