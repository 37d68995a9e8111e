// A reversal that the cashier asks for, and the status of a sale: both by the sale's id alone.

import type { Amount, ReversalAnswer, StatusAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { JournalRecord } from "../client/journal-records.js";
import { type JournalAttempt, owesReversal } from "../client/journal-state.js";
import { reversalDoneRecord, reversalReason } from "../client/owed-reversals.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "../sale/connection-fault.js";
import { refusalOf } from "../sale/sale-result.js";
import { localTexts, refusalOfDecision, textsOfDecision } from "../sale/texts.js";
import { askAboutSale, unansweredTexts } from "./ask.js";
import { type Debt, whyStillOwed } from "./debt.js";
import type { ReversalResult, ReversedSale } from "./results.js";

/**
 * Reverses a sale of this terminal. The same reversal may be asked for again, without harm. The debt is durable before
 * it is sent: what ends without an answer, or in a crash, is reversed by itself.
 *
 * @throws PassTpeError `JOURNAL_IN_USE` where another till has the journal: nothing was sent from here.
 */
export async function runReversal(options: {
  context: TerminalContext;
  id: string;
}): Promise<ReversalResult> {
  const { context, id } = options;
  const { clock, gateway } = context;
  // Of a refusal that was told just now the journal is to know first.
  await context.journal.drained();
  const debt = await addDebt(context, id);
  // What must not stand in any case is not refused because it is settled.
  const reason = debt === "earlier" ? reversalReason(context.journal.find(id)) : "manual";
  const settled = await askAboutSale({
    context,
    owed: context.journal.find(id) === undefined ? null : id,
    send: (timeoutMs) => gateway.reverse({ id, reason }, timeoutMs),
  });
  if (settled.kind === "unknown") return inDoubt(context, id, settled.reason);
  if (settled.kind !== "answer" || settled.body.outcome === "declined") {
    const { hub, journal } = context;
    const known = settled.kind === "answer" ? null : reversedBefore(journal.find(id));
    if (known !== null) return known;
    const record = { type: "reversalRefused", id, atMs: clock.nowMs() } as const;
    const why = await whyStillOwed({ debt, settled, journal, hub, record });
    if (why !== null) return inDoubt(context, id, why);
    context.captures.goOn();
    const { refusal } =
      settled.kind === "answer" ? { refusal: refusalOfDecision(settled.body) } : refusalOf(settled);
    return { outcome: "declined", id, ...refusal };
  }
  await keep(context, reversalDoneRecord({ id, atMs: clock.nowMs(), answer: settled.body }));
  context.captures.goOn();
  return reversed({ context, id, answer: settled.body });
}

function inDoubt(context: TerminalContext, id: string, detail: string): ReversalResult {
  const known = reversedBefore(context.journal.find(id));
  if (known !== null) return known;
  void context.owed.owe({ id, reason: "a reversal that the cashier asked for got no answer" });
  return { outcome: "unknown", id, ...unansweredTexts(), detail };
}

const COUNTED: readonly Amount["unit"][] = ["EUR_CENT", "SEAT", "COUPON"];

/** Where the journal has the reversal, only the words of another answer are missing. */
function reversedBefore(sale: JournalAttempt | undefined): ReversedSale | null {
  const done = sale?.reversalDone;
  if (sale === undefined || done === undefined) return null;
  const { id, avantage } = sale.attempt;
  const unit = COUNTED.find((one) => one === sale.answer?.unit);
  const value = done.returnedValue;
  return {
    outcome: "reversed",
    id,
    ...localTexts("REVERSED"),
    decidedAtMs: done.decidedAtMs ?? done.atMs,
    avantage,
    ...(unit === undefined || value === undefined ? {} : { returned: { unit, value } }),
  };
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

/** What is owed already was begun by another call, or because the sale must not stand whatever the cashier wishes. */
async function addDebt({ clock, hub, journal }: TerminalContext, id: string): Promise<Debt> {
  const sale = journal.find(id);
  if (sale === undefined || sale.reversalDone !== undefined) return "none";
  if (owesReversal(sale)) return "earlier";
  const record = { type: "reversalOwed", id, atMs: clock.nowMs(), reason: "manual" } as const;
  return (await appendOrReport({ journal, hub, record })) ? "added" : "none";
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
