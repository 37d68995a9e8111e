// A refund: gives back what a sale took; its id is durable before it is sent, so that it is made once, whatever happens.

import type { RefundAnswer } from "@pass-tpe/protocol";
import { partsOf, refundDoneRecord } from "../client/after-sale-records.js";
import { appendOrReport } from "../client/append-or-report.js";
import { owesRefund } from "../client/journal-state.js";
import type { OwedEnd } from "../client/owed-queue.js";
import type { TerminalContext } from "../context.js";
import { invalid } from "../given.js";
import { newId } from "../sale/sale.js";
import { textsOfDecision } from "../sale/texts.js";
import { askAboutSale, stillSentTexts } from "./ask.js";
import { appendDebt, type Debt, whyStillOwed } from "./debt.js";
import { declinedBecause, declinedHere, refusePart } from "./refusals.js";
import type {
  AfterSaleDeclined,
  Pending,
  RefundDeclined,
  RefundedSale,
  RefundOptions,
  RefundResult,
  UnknownRefund,
} from "./results.js";

/** For the holder: unlike a sale without an answer, this is not undone. */
const UNANSWERED =
  "Pas de réponse pour l'instant. Ta carte sera recréditée : la demande est renvoyée automatiquement.";

/**
 * Refunds a sale of the partner.
 *
 * @throws PassTpeError `OPTIONS_INVALID` where `refundId` stands for another refund; `JOURNAL_FAILED` or `JOURNAL_IN_USE`:
 * nothing was sent, but the next run may send it.
 */
export async function runRefund(options: {
  context: TerminalContext;
  request: RefundOptions;
}): Promise<RefundResult> {
  const { context, request } = options;
  const { of } = request;
  const { refundsUnderWay } = context;
  // Of a refusal that was told just now the journal is to know first.
  await context.journal.drained();
  const refused = refusePart(request) ?? refuseSecond(context, request);
  if (refused !== null) return { of, ...refused };
  const id = request.refundId ?? newId(context);
  // From here to the end of the call, nobody else begins one of this sale: the journal takes a moment to know it.
  refundsUnderWay.add(of);
  try {
    return await askForRefund({ context, id, request });
  } finally {
    refundsUnderWay.delete(of);
  }
}

async function askForRefund(options: {
  context: TerminalContext;
  id: string;
  request: RefundOptions;
}): Promise<RefundResult> {
  const { context, id, request } = options;
  const { clock, gateway, hub, journal } = context;
  const { of } = request;
  const part = partsOf(request);
  const debt = await addDebt(context, id, request);
  const settled = await askAboutSale({
    context,
    owed: debt === "none" ? null : id,
    send: (timeoutMs) => gateway.refund({ of, id, ...part }, timeoutMs),
  });
  if (settled.kind === "unknown") return inDoubt({ context, id, of, reason: settled.reason });
  if (settled.kind !== "answer" || settled.body.outcome === "declined") {
    const record = { type: "refundRefused", id, atMs: clock.nowMs() } as const;
    const reason = await whyStillOwed({ debt, settled, journal, hub, record });
    return reason === null
      ? { id, of, ...declinedBecause(settled) }
      : inDoubt({ context, id, of, reason });
  }
  const record = refundDoneRecord({ atMs: clock.nowMs(), answer: settled.body });
  await appendOrReport({ journal, hub, record });
  return refunded(settled.body);
}

function inDoubt(options: {
  context: TerminalContext;
  id: string;
  of: string;
  reason: string;
}): UnknownRefund {
  const { context, id, of, reason } = options;
  const end = context.refunds.owe({ id, reason: "a refund got no answer" });
  return {
    outcome: "unknown",
    moneyMoved: "unknown",
    id,
    of,
    ...stillSentTexts(UNANSWERED),
    detail: reason,
    resolved: end.then((known) => resolution({ id, of, end: known })),
  };
}

/** A cashier who tries again after silence must not give back twice: the one that waits for its answer is first. */
function refuseSecond(
  { journal, refundsUnderWay }: TerminalContext,
  { of, refundId }: RefundOptions,
): (AfterSaleDeclined & { id?: string }) | null {
  const waiting = journal.owedRefunds().find(({ owed }) => owed.of === of)?.owed.id;
  if (waiting !== undefined && waiting === refundId && !refundsUnderWay.has(of)) return null;
  if (waiting === undefined && !refundsUnderWay.has(of)) return null;
  const refusal = declinedHere(
    "IN_PROGRESS",
    "a refund of this sale waits for its answer; wait for refundDone or refundRefused, or repeat it by its refundId",
  );
  return waiting === undefined ? refusal : { ...refusal, id: waiting };
}

/** A refund that the journal holds already, owed or done, is only asked about again. */
async function addDebt(
  { journal, clock }: TerminalContext,
  id: string,
  request: RefundOptions,
): Promise<Debt> {
  const known = journal.findRefund(id);
  const part = partsOf(request);
  if (known !== undefined) {
    const { of, amountCents, quantity } = known.owed;
    const isSame =
      of === request.of && amountCents === part.amountCents && quantity === part.quantity;
    if (!isSame) throw invalid("refundId stands for another refund; leave it out for a new one");
    if (owesRefund(known)) return "earlier";
    if (known.done !== undefined) return "none";
  }
  const atMs = clock.nowMs();
  await appendDebt(journal, { type: "refundOwed", id, atMs, of: request.of, ...part });
  return "added";
}

function resolution(options: {
  id: string;
  of: string;
  end: OwedEnd<RefundAnswer>;
}): RefundedSale | RefundDeclined | Pending {
  const { id, of, end } = options;
  if (end.kind === "pending" || end.kind === "over") return { outcome: "pending" };
  return end.kind === "done" ? refunded(end.answer) : { id, of, ...declinedBecause(end.said) };
}

function refunded(answer: RefundAnswer): RefundedSale {
  const { id, of, decidedAtMs, avantage, returned, refundable, usableUntil, receipt } = answer;
  return {
    outcome: "refunded",
    moneyMoved: "yes",
    id,
    of,
    ...textsOfDecision(answer),
    decidedAtMs,
    ...(avantage === undefined ? {} : { avantage }),
    ...(returned === undefined ? {} : { returned }),
    ...(refundable === undefined ? {} : { refundable }),
    ...(usableUntil === undefined ? {} : { usableUntil }),
    ...(receipt === undefined ? {} : { receipt }),
  };
}
