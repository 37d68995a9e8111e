// Compares the terminal's day with the gateway's: the totals first, and where they differ every move by its id.

import { isDeepStrictEqual } from "node:util";
import type { ReconciliationAnswer, ReconciliationRequest } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { JournalRecord } from "../client/journal-records.js";
import { reversalDoneRecord } from "../client/owed-reversals.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "../sale/connection-fault.js";
import { compareMoves, type KnownMove } from "./compare.js";
import { dayTotals } from "./day.js";
import { movesAround, totalsOf } from "./moves.js";
import type { DayDifference, DayReconciliation, DayTotal, Resolution } from "./results.js";

/** The most pages of moves that one comparison asks for: a million moves, far above what a till can make in a day. */
const PAGES_MAX = 1_000;

/** Differences by which nobody has to do anything, now or later. */
const OVER: readonly Resolution[] = ["SETTLED", "OTHER_DAY", "ACKNOWLEDGE"];

/** How often a day is compared anew because something was added to it meanwhile. */
export const COMPARISONS_MAX = 5;

/**
 * Compares a day. What the gateway did at somebody else's wish is noted in the journal; what it approved and the till
 * was told to be declined is reversed. The terminal's totals are those after that.
 *
 * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED` or `REFUSED`; nothing was compared. `BUSY` where each
 * comparison was overtaken by another sale.
 */
export async function runReconciliation(options: {
  context: TerminalContext;
  day: string;
}): Promise<DayReconciliation> {
  const { context, day } = options;
  for (let round = 0; round < COMPARISONS_MAX; round += 1) {
    const compared = await compareOnce(context, day);
    if (compared === null) continue;
    const { answer, totals, differences, isComplete } = compared;
    for (const difference of differences) await actOn(context, difference);
    const { agreed, held, terminalId } = answer;
    const isExplained = differences.length > 0 && differences.every(isOver) && isComplete;
    return {
      day,
      terminalId,
      compared: true,
      agreed,
      concordant: agreed || isExplained,
      terminal: agreed ? totals : dayTotals({ ...context, day }).totals,
      gateway: answer.totals,
      held,
      differences,
    };
  }
  throw new PassTpeError({
    code: "BUSY",
    detail: "sales were made during each comparison; compare the day again once they are over",
  });
}

interface Compared {
  readonly answer: ReconciliationAnswer;
  /** The terminal's, as they were compared. */
  readonly totals: readonly DayTotal[];
  readonly differences: readonly DayDifference[];
  readonly isComplete: boolean;
}

/** One comparison, or null where one side has changed during it: of two moments nothing can be said. */
async function compareOnce(context: TerminalContext, day: string): Promise<Compared | null> {
  const { journal, profile } = context;
  const movesNow = () =>
    movesAround({ journal, unitOf: (avantage) => profile.unitOf(avantage), day });
  const totals = totalsOf(movesNow().ofDay);
  const answer = await askForDay(context, { day, totals });
  if (answer.agreed) return { answer, totals, differences: [], isComplete: true };
  const gateway = await allMoves(context, { day, totals }, answer);
  const { ofDay, elsewhere } = movesNow();
  const isSteady = gateway !== null && isDeepStrictEqual(totalsOf(ofDay), totals);
  if (!isSteady || isSaleUnderWay(context)) return null;
  const differences = compareMoves({
    terminal: ofDay,
    gateway: gateway.moves,
    journal: {
      elsewhere,
      sale: (id) => journal.find(id),
      refund: (id) => journal.findRefund(id),
    },
  });
  return { answer, totals, differences, isComplete: gateway.complete };
}

/** A sale without an answer that nobody reverses is one that has not had its answer yet. */
function isSaleUnderWay({ journal, owed }: TerminalContext): boolean {
  return journal.owedReversals().some((id) => !owed.has(id));
}

function isOver({ resolution }: DayDifference): boolean {
  return OVER.includes(resolution);
}

/** Null where the totals change from page to page. `complete`: nothing is left out. */
async function allMoves(
  context: TerminalContext,
  request: ReconciliationRequest,
  first: ReconciliationAnswer,
): Promise<{ moves: KnownMove[]; complete: boolean } | null> {
  const moves = [...first.moves];
  let { morePages } = first;
  for (let page = 1; morePages && page < PAGES_MAX; page += 1) {
    const answer = await askForDay(context, { ...request, page });
    if (!isDeepStrictEqual(answer.totals, first.totals)) return null;
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
