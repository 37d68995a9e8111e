// A reversal that the cashier asks for, and the status of a sale: both by the sale's id alone.

import type { ReversalAnswer, StatusAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { JournalRecord } from "../client/journal-records.js";
import { owesReversal } from "../client/journal-state.js";
import { reversalDoneRecord } from "../client/owed-reversals.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "../sale/connection-fault.js";
import { refusalOf } from "../sale/sale-result.js";
import { refusalOfDecision, textsOfDecision } from "../sale/texts.js";
import { askAboutSale, unansweredTexts } from "./ask.js";
import type { ReversalResult } from "./results.js";

/**
 * Reverses a sale of this terminal. The same reversal may be asked for again, without harm. The debt is durable before
 * it is sent: what ends without an answer, or in a crash, is reversed by itself.
 */
export async function runReversal(options: {
  context: TerminalContext;
  id: string;
}): Promise<ReversalResult> {
  const { context, id } = options;
  const { clock, gateway, owed } = context;
  const added = await addDebt(context, id);
  const settled = await askAboutSale({
    context,
    send: (timeoutMs) => gateway.reverse({ id, reason: "manual" }, timeoutMs),
  });
  if (settled.kind === "unknown") {
    void owed.owe({ id, reason: "a reversal that the cashier asked for got no answer" });
    return { outcome: "unknown", id, ...unansweredTexts(), detail: settled.reason };
  }
  if (settled.kind !== "answer" || settled.body.outcome === "declined") {
    if (added) await keep(context, { type: "reversalRefused", id, atMs: clock.nowMs() });
    const { refusal } =
      settled.kind === "answer" ? { refusal: refusalOfDecision(settled.body) } : refusalOf(settled);
    return { outcome: "declined", id, ...refusal };
  }
  await keep(context, reversalDoneRecord({ id, atMs: clock.nowMs(), answer: settled.body }));
  return reversed({ context, id, answer: settled.body });
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
  if (sale === undefined || sale.reversalDone !== undefined || owesReversal(sale)) return false;
  await keep(context, { type: "reversalOwed", id, atMs: context.clock.nowMs() });
  return true;
}

async function keep({ journal, hub }: TerminalContext, record: JournalRecord): Promise<void> {
  if (journal.find(record.id) === undefined) return;
  await appendOrReport({ journal, hub, record });
}

function reversed(options: {
  context: TerminalContext;
  id: string;
  answer: ReversalAnswer;
}): ReversalResult {
  const { context, id, answer } = options;
  const { decidedAtMs, returned } = answer;
  const avantage = context.journal.find(id)?.attempt.avantage;
  return {
    outcome: "reversed",
    id,
    ...textsOfDecision(answer),
    decidedAtMs,
    ...(avantage === undefined ? {} : { avantage }),
    ...(returned === undefined ? {} : { returned }),
  };
}
