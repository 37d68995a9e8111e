// A reversal that the cashier asks for, and the status of a sale: both by the sale's id alone.

import type { ReversalAnswer, StatusAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import { repeatSameId } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import type { ReversalResult } from "./results.js";
import { refusalOf } from "./sale-result.js";
import { localRefusal, refusalOfDecision, textsOfDecision } from "./texts.js";

/** An operation that nobody cancels. */
const NEVER = new AbortController().signal;

/** Reverses a sale of this terminal. The same reversal may be asked for again, without harm. */
export async function runReversal(options: {
  context: TerminalContext;
  id: string;
}): Promise<ReversalResult> {
  const { context, id } = options;
  const { clock, deadlines, gateway } = context;
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
    return { outcome: "unknown", id, ...texts, detail: settled.reason };
  }
  if (settled.kind !== "answer") {
    return { outcome: "declined", id, ...refusalOf(settled).refusal };
  }
  const answer = settled.body;
  if (answer.outcome === "declined") {
    return { outcome: "declined", id, ...refusalOfDecision(answer) };
  }
  await forget(context, id);
  return reversed(id, answer);
}

/**
 * The gateway's record of a sale of this terminal, or null when it has none.
 *
 * @throws PassTpeError `UNREACHABLE` or `REFUSED`.
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
  throw new PassTpeError({ code: "UNREACHABLE", detail: exchange.reason });
}

/** The journal then owes nothing more, whatever it held. */
async function forget({ journal, clock, hub }: TerminalContext, id: string): Promise<void> {
  if (journal.find(id) === undefined) return;
  const record = { type: "reversalDone", id, atMs: clock.nowMs() } as const;
  await appendOrReport({ journal, hub, record });
}

function reversed(id: string, answer: ReversalAnswer): ReversalResult {
  const returned = answer.returned === undefined ? {} : { returned: answer.returned };
  return { outcome: "reversed", id, ...textsOfDecision(answer), ...returned };
}
