// A capture: takes what a sale of this terminal holds, all of it or a part; journaled before it is sent.

import type { CaptureAnswer } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import { owesCapture } from "../client/journal-state.js";
import { capturedRecord, partsOf } from "../client/owed-after-sale.js";
import type { OwedEnd } from "../client/owed-queue.js";
import type { TerminalContext } from "../context.js";
import { textsOfDecision } from "../sale/texts.js";
import { askAboutSale, askAgainTexts, stillSentTexts } from "./ask.js";
import { declinedBecause, declinedHere, refusePart } from "./refusals.js";
import type {
  AfterSaleDeclined,
  CaptureDeclined,
  CapturedSale,
  CaptureResult,
  PartOfSale,
  Pending,
} from "./results.js";

/** For the holder: unlike a sale without an answer, this one is not undone. */
const UNANSWERED =
  "Pas de réponse pour l'instant. La confirmation de l'achat est renvoyée automatiquement.";

/**
 * Captures a held sale. The same capture may be asked for again, without harm.
 *
 * @throws PassTpeError `JOURNAL_FAILED`; nothing was sent.
 */
export async function runCapture(options: {
  context: TerminalContext;
  id: string;
  part: PartOfSale;
}): Promise<CaptureResult> {
  const { context, id } = options;
  const part = partsOf(options.part);
  const { captures, clock, gateway, hub, journal } = context;
  const refused = refusePart(part) ?? refuseOther(context, id, part);
  if (refused !== null) return { id, ...refused };
  const added = await addDebt(context, id, part);
  const settled = await askAboutSale({
    context,
    send: (timeoutMs) => gateway.capture({ id, ...part }, timeoutMs),
  });
  if (settled.kind === "unknown") {
    return inDoubt({ context, id, reason: settled.reason });
  }
  if (settled.kind !== "answer" || settled.body.outcome === "declined") {
    if (added) {
      const record = { type: "captureRefused", id, atMs: clock.nowMs() } as const;
      await appendOrReport({ journal, hub, record });
    }
    return { id, ...declinedBecause(settled) };
  }
  const record = capturedRecord({ id, atMs: clock.nowMs(), answer: settled.body });
  await appendOrReport({ journal, hub, record });
  captures.retryNow();
  return captured(settled.body);
}

/** Of two captures with different parts, both unanswered, nobody could say which was made. */
function refuseOther(
  context: TerminalContext,
  id: string,
  part: PartOfSale,
): AfterSaleDeclined | null {
  const sale = context.journal.find(id);
  if (sale === undefined || !owesCapture(sale)) return null;
  const { amountCents, quantity } = sale.captureOwed ?? {};
  if (amountCents === part.amountCents && quantity === part.quantity) return null;
  return declinedHere(
    "IN_PROGRESS",
    "another capture of this sale waits for its answer; wait for captureDone or captureRefused",
  );
}

/** @returns false where the journal does not know the sale, or the debt is there already and not this call's to end. */
async function addDebt(
  { journal, clock }: TerminalContext,
  id: string,
  part: PartOfSale,
): Promise<boolean> {
  const sale = journal.find(id);
  if (sale === undefined || sale.captured !== undefined || owesCapture(sale)) return false;
  await journal.append({ type: "captureOwed", id, atMs: clock.nowMs(), ...part });
  return true;
}

function inDoubt(options: { context: TerminalContext; id: string; reason: string }): CaptureResult {
  const { context, id, reason } = options;
  const sale = context.journal.find(id);
  // Where the journal knows nothing of the sale, it cannot keep the debt: the caller may ask again.
  const owed = sale !== undefined && owesCapture(sale);
  const end: Promise<OwedEnd<CaptureAnswer>> = owed
    ? context.captures.owe({ id, reason: "a capture got no answer" })
    : Promise.resolve({ kind: "pending" });
  return {
    outcome: "unknown",
    moneyMoved: "unknown",
    id,
    ...(owed ? stillSentTexts(UNANSWERED) : askAgainTexts()),
    detail: reason,
    resolved: end.then((known) => resolution(id, known)),
  };
}

function resolution(
  id: string,
  end: OwedEnd<CaptureAnswer>,
): CapturedSale | CaptureDeclined | Pending {
  if (end.kind === "pending") return { outcome: "pending" };
  return end.kind === "done" ? captured(end.answer) : { id, ...declinedBecause(end.said) };
}

function captured(answer: CaptureAnswer): CapturedSale {
  const { id, decidedAtMs, avantage, collectCents, released, remaining, receipt } = answer;
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
