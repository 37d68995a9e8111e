// A reversal that the cashier asks for, and the status of a sale: both by the sale's id alone.

import type { ReversalAnswer, StatusAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import { owesReversal } from "../client/journal-state.js";
import { repeatSameId } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "./connection-fault.js";
import type { ReversalResult } from "./results.js";
import { refusalOf } from "./sale-result.js";
import { localRefusal, refusalOfDecision, textsOfDecision } from "./texts.js";

/** An operation that nobody cancels. */
const NEVER = new AbortController().signal;

/**
 * Reverses a sale of this terminal. The same reversal may be asked for again, without harm. The debt is durable before
 * it is sent: what ends without an answer, or in a crash, is reversed by itself.
 */
export async function runReversal(options: {
  context: TerminalContext;
  id: string;
}): Promise<ReversalResult> {
  const { context, id } = options;
  const { clock, deadlines, gateway, owed } = context;
  const added = await addDebt(context, id);
  const settled = await repeatSameId({
    send: ({ timeoutMs }) => gateway.reverse({ id, reason: "manual" }, timeoutMs),
    clock,
    deadlines,
    startedAtMs: clock.monotonicMs(),
    signal: NEVER,
    observer: { sending: () => undefined, answered: () => undefined },
  });
  if (settled.kind === "unknown") {
    const { code, iso39, display, display20, message } = localRefusal("TIMEOUT");
    const texts = { code, iso39, display, display20, message };
    void owed.owe({ id, reason: "a reversal that the cashier asked for got no answer" });
    return { outcome: "unknown", id, ...texts, detail: settled.reason };
  }
  if (settled.kind !== "answer") {
    if (added) await keep(context, { type: "reversalRefused", id });
    return { outcome: "declined", id, ...refusalOf(settled).refusal };
  }
  const answer = settled.body;
  if (answer.outcome === "declined") {
    if (added) await keep(context, { type: "reversalRefused", id });
    return { outcome: "declined", id, ...refusalOfDecision(answer) };
  }
  await keep(context, { type: "reversalDone", id });
  return reversed(id, answer);
}

/**
 * The gateway's record of a sale of this terminal, or null when it has none.
 *
 * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED` or `REFUSED`.
 */
export async function readStatus(options: {
  context: TerminalContext;
  id: string;
}): Promise<StatusAnswer | null> {
  const { context, id } = options;
  const exchange = await context.gateway.status(id, context.deadlines.saleMs);
  if (exchange.kind === "answer") return exchange.body;
  if (exchange.kind === "problem") {
    if (exchange.status === 404) return null;
    const { code, detail } = exchange.problem;
    throw new PassTpeError({ code: "REFUSED", detail: `${code}: ${detail}` });
  }
  throw connectionError(exchange.reason);
}

/** @returns false where the journal does not know the sale, or what it owes is not this reversal's to take back. */
async function addDebt(context: TerminalContext, id: string): Promise<boolean> {
  const sale = context.journal.find(id);
  if (sale === undefined || sale.reversalDoneAtMs !== undefined || owesReversal(sale)) return false;
  await keep(context, { type: "reversalOwed", id });
  return true;
}

type Kept = {
  readonly type: "reversalOwed" | "reversalDone" | "reversalRefused";
  readonly id: string;
};

async function keep({ journal, clock, hub }: TerminalContext, fields: Kept): Promise<void> {
  if (journal.find(fields.id) === undefined) return;
  await appendOrReport({ journal, hub, record: { ...fields, atMs: clock.nowMs() } });
}

function reversed(id: string, answer: ReversalAnswer): ReversalResult {
  const returned = answer.returned === undefined ? {} : { returned: answer.returned };
  return { outcome: "reversed", id, ...textsOfDecision(answer), ...returned };
}
