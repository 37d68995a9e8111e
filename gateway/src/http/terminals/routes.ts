// The route table of the terminals' listener: each operation, what it takes, and what the store is asked.

import {
  AttemptIdSchema,
  AuthorizationRequestSchema,
  GATEWAY_DEADLINE_MS,
  InquiryRequestSchema,
  PURCHASE_CENTS_MAX,
  QUANTITY_MAX,
  ReversalRequestSchema,
  SALE_DEADLINE_MS,
  type TerminalProfile,
} from "@pass-tpe/protocol";
import type { Answer, Clock, Command, Place, Store } from "../../core/ports.js";
import type { Programme } from "../../core/programme.js";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";

export interface RouteContext {
  readonly store: Pick<Store, "execute" | "status" | "place">;
  readonly clock: Clock;
  readonly programme: Programme;
  /** The QR issuer's public keys, SPKI DER in base64. */
  readonly qrKeys: TerminalProfile["qrKeys"];
}

interface Call {
  readonly terminalId: string;
  /** The `{id}` of the path; empty where there is none. */
  readonly id: string;
  readonly body: unknown;
  readonly receivedAtMonotonicMs: number;
}

/** What a route found out, for the log and the metrics beside the answer. */
export interface Reply {
  readonly body: object;
  readonly id?: string;
  /** The precise code of a decision. */
  readonly code?: string;
  readonly replayed?: boolean;
  readonly timings?: Extract<Answer, { type: "decision" }>["timings"];
}

export interface Route {
  readonly method: "get" | "post";
  /** Express path. */
  readonly path: string;
  readonly operation: string;
  /** The core looks at the terminal's status itself, after the stored answer (outcomes rule 2). */
  readonly decides: boolean;
  readonly handle: (context: RouteContext, call: Call) => Promise<Reply>;
}

/** How long a terminal should wait before it sends the same id again. */
const RETRY_AFTER_MS = 1_000;

export const ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/authorizations",
    operation: "authorize",
    decides: true,
    handle: authorize,
  },
  {
    method: "get",
    path: "/v1/authorizations/:id",
    operation: "status",
    decides: false,
    handle: status,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/reversal",
    operation: "reverse",
    decides: false,
    handle: reverse,
  },
  { method: "post", path: "/v1/inquiries", operation: "inquire", decides: true, handle: inquire },
  {
    method: "get",
    path: "/v1/terminal",
    operation: "terminalProfile",
    decides: false,
    handle: terminalProfile,
  },
];

async function authorize(context: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(AuthorizationRequestSchema, call.body);
  const { terminalId, receivedAtMonotonicMs } = call;
  return decided(context, {
    command: { type: "authorize", terminalId, request, receivedAtMonotonicMs },
    id: request.id,
    deadlineMs: request.deadlineMs ?? GATEWAY_DEADLINE_MS,
  });
}

async function inquire(context: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(InquiryRequestSchema, call.body);
  const { terminalId, receivedAtMonotonicMs } = call;
  return decided(context, {
    command: { type: "inquire", terminalId, request, receivedAtMonotonicMs },
    id: request.id,
    deadlineMs: request.deadlineMs ?? GATEWAY_DEADLINE_MS,
  });
}

async function reverse(context: RouteContext, call: Call): Promise<Reply> {
  const id = parseId(call.id);
  const { reason } = parseBody(ReversalRequestSchema, call.body);
  return decided(context, {
    command: { type: "reverse", terminalId: call.terminalId, id, reason },
    id,
    deadlineMs: SALE_DEADLINE_MS,
  });
}

async function status({ store }: RouteContext, call: Call): Promise<Reply> {
  const id = parseId(call.id);
  const found = await store.status(call.terminalId, id);
  if (!found) throw notFound();
  return { body: found, id };
}

async function terminalProfile(context: RouteContext, call: Call): Promise<Reply> {
  const place = await context.store.place(call.terminalId);
  if (!place) throw notFound();
  return { body: profileOf(context, place) };
}

function profileOf({ programme, clock, qrKeys }: RouteContext, place: Place): TerminalProfile {
  const { terminalId, partner, pointOfSale, agrements } = place;
  return {
    terminalId,
    partner,
    pointOfSale,
    receiptHeader: [partner.name, pointOfSale.name, pointOfSale.city],
    avantages: agrements.flatMap((code) => {
      const rule = programme.avantages.get(code);
      return rule ? [{ avantage: rule.code, label: rule.label, unit: rule.unit }] : [];
    }),
    qrKeys,
    presentations: presentationsOf(programme),
    limits: {
      purchaseCentsMax: PURCHASE_CENTS_MAX,
      quantityMax: QUANTITY_MAX,
      deadlineMs: GATEWAY_DEADLINE_MS,
    },
    serverTimeMs: clock.nowMs(),
  };
}

/** What the older cards of the programme present, so that a terminal does not refuse them by itself. */
function presentationsOf({ generations }: Programme): TerminalProfile["presentations"] {
  const inCirculation = [...generations.values()];
  return {
    nfcIdentifier: inCirculation.some(({ nfc }) => nfc === "identifier"),
    qrNumber: inCirculation.some(({ qr }) => qr === "number"),
  };
}

function parseId(id: string): string {
  const parsed = AttemptIdSchema.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail: "The id in the path is not a UUID version 7 in lower case.",
  });
}

function notFound(): ProblemError {
  return new ProblemError({
    code: "ORIGINAL_NOT_FOUND",
    detail: "This terminal has sent no authorization with this id.",
  });
}

/**
 * Asks the store and waits until the deadline for its one durable answer. A rejection means that durability is in
 * doubt; it goes up, and the connection is cut without an answer, because any answer could be a lie.
 */
async function decided(
  { store }: RouteContext,
  input: { readonly command: Command; readonly id: string; readonly deadlineMs: number },
): Promise<Reply> {
  const answer = await withinMs(store.execute(input.command), input.deadlineMs);
  switch (answer.type) {
    case "decision": {
      const { code, replayed, timings } = answer;
      return { body: answer.answer, id: input.id, code, replayed, timings };
    }
    case "conflict":
      throw new ProblemError({
        code: "DUPLICATE_CONFLICT",
        detail: "This id stands for another request. Make a new id for a new sale.",
      });
    case "notFound":
      throw notFound();
    case "late":
      throw new ProblemError({
        code: "IN_PROGRESS",
        detail: "This id is still being decided. Send the same request again.",
        retryAfterMs: RETRY_AFTER_MS,
      });
    case "overloaded":
      throw new ProblemError({
        code: "RATE_LIMITED",
        detail: "Too many requests wait. Send the same request again.",
        retryAfterMs: RETRY_AFTER_MS,
      });
    case "unavailable":
      throw new ProblemError(
        {
          code: "SYSTEM_ERROR",
          status: 503,
          detail:
            "The gateway could not store this sale, and did not. Send the same request again.",
          retryAfterMs: RETRY_AFTER_MS,
        },
        answer.error,
      );
    case "bug":
      throw answer.error;
    case "loaded":
    case "refused":
      throw new Error(`a sale was answered with ${answer.type}`);
  }
}

async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | { readonly type: "late" }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ readonly type: "late" }>((resolve) => {
    timer = setTimeout(() => resolve({ type: "late" }), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
