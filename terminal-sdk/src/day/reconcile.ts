// Compares the terminal's day with the gateway's: the totals first, and where they differ every move by its id.

import type { ReconciliationAnswer, ReconciliationRequest } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { JournalRecord } from "../client/journal-records.js";
import { reversalDoneRecord } from "../client/owed-reversals.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "../sale/connection-fault.js";
import { compareMoves, type KnownMove } from "./compare.js";
import { movesOfDay, totalsOf } from "./moves.js";
import type { DayDifference, DayReconciliation, Resolution } from "./results.js";

/** The most pages of moves that one comparison asks for: a million moves, far above what a till can make in a day. */
export const PAGES_MAX = 1_000;

/** Differences by which nobody has to do anything, now or later. */
const OVER: readonly Resolution[] = ["SETTLED", "OTHER_DAY", "ACKNOWLEDGE"];

/**
 * Compares a day. What the gateway did at somebody else's wish is noted in the journal; what it approved and the till
 * was told to be declined is reversed.
 *
 * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED` or `REFUSED`; nothing was compared.
 */
export async function runReconciliation(options: {
  context: TerminalContext;
  day: string;
}): Promise<DayReconciliation> {
  const { context, day } = options;
  const { journal, profile } = context;
  const unitOf = (avantage: string) => profile.unitOf(avantage);
  const moves = movesOfDay({ journal, unitOf, day });
  const totals = totalsOf(moves);
  const answer = await askForDay(context, { day, totals });
  const { agreed, held, terminalId } = answer;
  const found = { day, terminalId, agreed, terminal: totals, gateway: answer.totals, held };
  if (agreed) return { ...found, concordant: true, differences: [] };
  const gateway = await allMoves(context, { day, totals }, answer);
  const differences = compareMoves({
    terminal: moves,
    gateway: gateway.moves,
    journal: { sale: (id) => journal.find(id), refund: (id) => journal.findRefund(id) },
  });
  for (const difference of differences) await actOn(context, difference);
  const isExplained = differences.length > 0 && differences.every(isOver);
  return { ...found, concordant: isExplained && gateway.complete, differences };
}

function isOver({ resolution }: DayDifference): boolean {
  return OVER.includes(resolution);
}

/** `complete`: nothing is left out. */
async function allMoves(
  context: TerminalContext,
  request: ReconciliationRequest,
  first: ReconciliationAnswer,
): Promise<{ moves: KnownMove[]; complete: boolean }> {
  const moves = [...first.moves];
  let { morePages } = first;
  for (let page = 1; morePages && page < PAGES_MAX; page += 1) {
    const answer = await askForDay(context, { ...request, page });
    moves.push(...answer.moves);
    morePages = answer.morePages;
  }
  const known = moves.filter(isKnown);
  return { moves: known, complete: !morePages && known.length === moves.length };
}

/** A later gateway may list moves of kinds that this version cannot know; the totals still tell that they differ. */
function isKnown(move: { readonly kind: string }): move is KnownMove {
  return move.kind === "sale" || move.kind === "reversal" || move.kind === "refund";
}

async function askForDay(
  { gateway, deadlines }: TerminalContext,
  request: ReconciliationRequest,
): Promise<ReconciliationAnswer> {
  const exchange = await gateway.reconcile(request, deadlines.saleMs);
  if (exchange.kind === "answer") {
    if (exchange.body.day === request.day) return exchange.body;
    throw new PassTpeError({ code: "REFUSED", detail: "the gateway answered about another day" });
  }
  if (exchange.kind === "problem") {
    const { code, detail } = exchange.problem;
    throw new PassTpeError({ code: "REFUSED", detail: `${code}: ${detail}` });
  }
  throw connectionError(exchange.reason);
}

async function actOn(context: TerminalContext, difference: DayDifference): Promise<void> {
  const { resolution, saleId: id } = difference;
  if (resolution !== "ACKNOWLEDGE" && resolution !== "REVERSE") return;
  const { journal, hub, clock, owed } = context;
  const keep = (record: JournalRecord) => appendOrReport({ journal, hub, record });
  if (resolution === "REVERSE") {
    await keep({ type: "reversalOwed", id, atMs: clock.nowMs() });
    void owed.owe({ id, reason: "approved at the gateway, declined at the till" });
    return;
  }
  const record = noted(difference, clock.nowMs());
  if (record !== null) await keep(record);
}

/** What the gateway did, as if the terminal had been told. */
function noted({ kind, saleId: id, gateway }: DayDifference, atMs: number): JournalRecord | null {
  if (gateway === null) return null;
  const { unit, value, atMs: decidedAtMs } = gateway;
  if (kind === "reversal") {
    const returned = value === 0 ? undefined : { value };
    return reversalDoneRecord({ id, atMs, answer: { decidedAtMs, returned } });
  }
  const taken = unit === "EUR_CENT" ? { amountCents: value } : { quantity: value };
  return { type: "captured", id, atMs, decidedAtMs, ...taken };
}
