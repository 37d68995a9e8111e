// A capture: takes what a sale of this terminal holds, all of it or a part; journaled before it is sent.

import type { CaptureAnswer } from "@pass-tpe/protocol";
import { capturedRecord, collectCentsOf, partsOf } from "../client/after-sale-records.js";
import { appendOrReport } from "../client/append-or-report.js";
import { type JournalAttempt, owesCapture, owesReversal } from "../client/journal-state.js";
import type { OwedEnd } from "../client/owed-queue.js";
import type { TerminalContext } from "../context.js";
import type { ResultTexts } from "../sale/results.js";
import { textsOfDecision } from "../sale/texts.js";
import { askAboutSale, askAgainTexts, stillSentTexts } from "./ask.js";
import { appendDebt, type Debt, whyStillOwed } from "./debt.js";
import { declinedBecause, declinedHere, refusePart } from "./refusals.js";
import type {
  AfterSaleDeclined,
  CaptureDeclined,
  CapturedSale,
  CaptureResult,
  PartOfSale,
  Pending,
  UnknownCapture,
} from "./results.js";

/** For the holder: unlike a sale without an answer, this one is not undone. */
const UNANSWERED =
  "Pas de réponse pour l'instant. La confirmation de l'achat est renvoyée automatiquement.";

/**
 * Captures a held sale. The same capture may be asked for again, without harm; at the same time, it is asked for once.
 *
 * @throws PassTpeError `JOURNAL_FAILED` or `JOURNAL_IN_USE`: nothing was sent, but the next run may send it.
 */
export async function runCapture(options: {
  context: TerminalContext;
  id: string;
  part: PartOfSale;
}): Promise<CaptureResult> {
  const { context, id } = options;
  const { capturesUnderWay } = context;
  const part = partsOf(options.part);
  const wrong = refusePart(part);
  if (wrong !== null) return { id, ...wrong };
  // Of a refusal that was told just now the journal is to know first.
  await context.journal.drained();
  const underWay = capturesUnderWay.get(id);
  if (underWay !== undefined) {
    return isSamePart(underWay.part, part) ? underWay.result : { id, ...anotherWaits() };
  }
  const refused = refuseNow(context, id, part);
  if (refused !== null) return { id, ...refused };
  const result = askForCapture({ context, id, part });
  capturesUnderWay.set(id, { part, result });
  try {
    return await result;
  } finally {
    capturesUnderWay.delete(id);
  }
}

async function askForCapture(options: {
  context: TerminalContext;
  id: string;
  part: PartOfSale;
}): Promise<CaptureResult> {
  const { context, id, part } = options;
  const { captures, clock, gateway, hub, journal } = context;
  const debt = await addDebt(context, id, part);
  const settled = await askAboutSale({
    context,
    owed: debt === "none" ? null : id,
    send: (timeoutMs) => gateway.capture({ id, ...part }, timeoutMs),
  });
  if (settled.kind === "unknown") {
    return inDoubt({ context, id, reason: settled.reason });
  }
  if (settled.kind !== "answer" || settled.body.outcome === "declined") {
    const record = { type: "captureRefused", id, atMs: clock.nowMs() } as const;
    const reason = await whyStillOwed({ debt, settled, journal, hub, record });
    return reason === null ? { id, ...declinedBecause(settled) } : inDoubt({ context, id, reason });
  }
  const sale = journal.find(id);
  const record = capturedRecord({ id, atMs: clock.nowMs(), answer: settled.body, sale });
  await appendOrReport({ journal, hub, record });
  captures.retryNow();
  return captured(settled.body, sale);
}

/** Of two captures with different parts, both unanswered, nobody could say which was made; and what is given back is not taken. */
function refuseNow(
  context: TerminalContext,
  id: string,
  part: PartOfSale,
): AfterSaleDeclined | null {
  const sale = context.journal.find(id);
  if (sale === undefined) return null;
  if (owesReversal(sale)) {
    return declinedHere(
      "IN_PROGRESS",
      "the reversal of this sale is being sent; wait for reversalDone or reversalRefused",
    );
  }
  if (!owesCapture(sale) || isSamePart(sale.captureOwed ?? {}, part)) return null;
  return anotherWaits();
}

function isSamePart(one: PartOfSale, other: PartOfSale): boolean {
  return one.amountCents === other.amountCents && one.quantity === other.quantity;
}

function anotherWaits(): AfterSaleDeclined {
  return declinedHere(
    "IN_PROGRESS",
    "another capture of this sale waits for its answer; wait for captureDone or captureRefused",
  );
}

async function addDebt(
  { journal, clock }: TerminalContext,
  id: string,
  part: PartOfSale,
): Promise<Debt> {
  const sale = journal.find(id);
  if (sale === undefined || endOf(sale) !== null) return "none";
  if (owesCapture(sale)) return "earlier";
  await appendDebt(journal, { type: "captureOwed", id, atMs: clock.nowMs(), ...part });
  return "added";
}

/** What the journal knows to have become of a held sale: no capture of it can be made any more. */
function endOf({ captured, reversalDone }: JournalAttempt) {
  if (reversalDone !== undefined) return "ALREADY_REVERSED";
  return captured === undefined ? null : "ALREADY_CAPTURED";
}

function inDoubt(options: { context: TerminalContext; id: string; reason: string }): CaptureResult {
  const { context, id, reason } = options;
  const sale = context.journal.find(id);
  const owed = sale !== undefined && owesCapture(sale);
  const known = sale === undefined || owed ? null : endOf(sale);
  // Only the words of the answer are missing; whether it was made is known.
  if (known !== null) return { id, ...declinedHere(known, `no answer came (${reason})`) };
  // Where the journal knows nothing of the sale, it cannot keep the debt: the caller may ask again.
  const end: Promise<OwedEnd<CaptureAnswer>> = owed
    ? context.captures.owe({ id, reason: "a capture got no answer" })
    : Promise.resolve({ kind: "pending" });
  const texts = owed ? stillSentTexts(UNANSWERED) : askAgainTexts();
  const { journal } = context;
  const resolved = end.then((ended) => resolution({ id, end: ended, sale: journal.find(id) }));
  return unanswered({ id, reason, texts, resolved });
}

function unanswered(options: {
  id: string;
  reason: string;
  texts: ResultTexts;
  resolved: UnknownCapture["resolved"];
}): UnknownCapture {
  const { id, reason: detail, texts, resolved } = options;
  return { outcome: "unknown", moneyMoved: "unknown", id, ...texts, detail, resolved };
}

function resolution(options: {
  id: string;
  end: OwedEnd<CaptureAnswer>;
  sale: JournalAttempt | undefined;
}): CapturedSale | CaptureDeclined | Pending {
  const { id, end, sale } = options;
  if (end.kind === "pending") return { outcome: "pending" };
  if (end.kind === "over") {
    // Made or not, nothing of it stands.
    return { id, ...declinedHere("ALREADY_REVERSED", "the sale was reversed meanwhile") };
  }
  return end.kind === "done" ? captured(end.answer, sale) : { id, ...declinedBecause(end.said) };
}

function captured(answer: CaptureAnswer, sale: JournalAttempt | undefined): CapturedSale {
  const { id, decidedAtMs, avantage, released, remaining, receipt } = answer;
  const collectCents = collectCentsOf(answer, sale);
  return {
    outcome: "captured",
    moneyMoved: "yes",
    id,
    ...textsOfDecision(answer),
    decidedAtMs,
    ...partsOf(answer),
    ...(avantage === undefined ? {} : { avantage }),
    ...(collectCents === undefined ? {} : { collectCents }),
    ...(released === undefined ? {} : { released }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(receipt === undefined ? {} : { receipt }),
  };
}
