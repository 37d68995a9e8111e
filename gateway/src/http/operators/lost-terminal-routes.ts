// Routes for a lost terminal: what it could have done with its own sales, the operator does in its place.

import {
  AttemptIdSchema,
  CaptureRequestSchema,
  RefundRequestSchema,
  ReversalRequestSchema,
} from "@pass-tpe/protocol";
import type { Answer } from "../../core/ports.js";
import { parseBody } from "../body.js";
import { decisionIn } from "../decision-problem.js";
import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend, TerminalAct } from "./ports.js";
import { type Call, OPERATOR, type Reply, type Route, unknown } from "./route.js";
import { stepByStep } from "./step-by-step.js";

const SALE = "/v1/terminals/:id/authorizations/:sale";

export const LOST_TERMINAL_ROUTES: readonly Route[] = [
  {
    method: "get",
    path: SALE,
    operation: "statusForTerminal",
    roles: OPERATOR,
    takes: "nothing",
    handle: status,
  },
  {
    method: "post",
    path: `${SALE}/capture`,
    operation: "captureForTerminal",
    roles: OPERATOR,
    takes: "json",
    handle: (backend, call) => {
      const request = parseBody(CaptureRequestSchema, call.body);
      return act(backend, call, { type: "capture", request, ...saleOf(call) });
    },
  },
  {
    method: "post",
    path: `${SALE}/reversal`,
    operation: "reverseForTerminal",
    roles: OPERATOR,
    takes: "json",
    handle: (backend, call) => {
      const request = parseBody(ReversalRequestSchema, call.body);
      return act(backend, call, { type: "reverse", request, ...saleOf(call) });
    },
  },
  {
    method: "post",
    path: `${SALE}/refunds`,
    operation: "refundForTerminal",
    roles: OPERATOR,
    takes: "json",
    handle: (backend, call) => {
      const request = parseBody(RefundRequestSchema, call.body);
      return act(backend, call, { type: "refund", request, ...saleOf(call) });
    },
  },
];

/** The sale that a path names. @throws ProblemError where its id has not the form of one. */
function saleOf({ id: terminalId, sale }: Call): Pick<TerminalAct, "terminalId" | "id"> {
  const parsed = AttemptIdSchema.safeParse(sale);
  if (parsed.success) return { terminalId, id: parsed.data };
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail: "The sale in the path is not a UUID version 7 in lower case; receipts carry it.",
  });
}

async function status({ store }: OperatorsBackend, call: Call): Promise<Reply> {
  const { terminalId, id } = saleOf(call);
  const found = await store.status(terminalId, id);
  if (found === null) throw noSale();
  return { body: found, act: { subject: terminalId, sale: id } };
}

/** What is not there to act on leaves no trace in the audit trail. */
async function act(
  { store, actForTerminal }: OperatorsBackend,
  { agent }: Call,
  asked: TerminalAct,
): Promise<Reply> {
  const { terminalId, id } = asked;
  if ((await store.place(terminalId)) === null) throw unknown("There is no terminal of this id.");
  if (!mayBeUnseen(asked) && (await store.status(terminalId, id)) === null) throw noSale();
  const { answer, code, replayed } = decisionOf(await stepByStep(actForTerminal(asked, agent)));
  return { body: answer, act: { subject: terminalId, sale: id, code, replayed } };
}

/** An automatic reversal may come before its original: it keeps it from being approved later. */
function mayBeUnseen(asked: TerminalAct): boolean {
  return asked.type === "reverse" && asked.request.reason === "automatic";
}

function noSale(): ProblemError {
  return unknown("This terminal has sent no authorization with this id. Check both ids.");
}

/** The decision in an answer. @throws ProblemError that says why there is none. */
function decisionOf(answer: Answer): Extract<Answer, { type: "decision" }> {
  const conflict = "This id stands for another refund. Make a new id for a new refund.";
  return decisionIn(answer, { notFound: noSale, conflict });
}
