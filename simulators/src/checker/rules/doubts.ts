// Shows that every sale comes to an end that is true: told once, resolved where unknown, settled where a crash left it.

import {
  type DayBook,
  type FactOf,
  interruptionOf,
  type SaleFile,
  wasHeardInVain,
} from "../day-book.js";
import type { Violation } from "../facts.js";
import { ofSale } from "../found.js";
import { RULE } from "../rule-words.js";
import { standingOf } from "../what-stands.js";

/** One result for each sale, and its word on money fits: what is only held has moved nothing yet. */
export function* toldClearly(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  if (sale.told.length > 1) {
    yield ofSale(RULE.toldClearly, sale, `was told ${sale.told.length} times`);
  }
  for (const told of sale.told) {
    const { outcome, moneyMoved } = told;
    if (moneyMoved !== movedBy(told)) {
      yield ofSale(RULE.toldClearly, sale, `${outcome}, with moneyMoved "${moneyMoved}"`);
    }
  }
}

function movedBy({ outcome, holds, units }: FactOf<"told">): FactOf<"told">["moneyMoved"] {
  if (outcome === "unknown") return "unknown";
  return outcome === "approved" && !holds && units > 0 ? "yes" : "no";
}

/** Whoever was told that nothing moved must find that nothing has. */
export function* declinedMovedNothing(book: DayBook, sale: SaleFile): Iterable<Violation> {
  if (!sale.told.some(({ outcome }) => outcome === "declined")) return;
  const standing = standingOf(book, sale);
  if (standing) yield ofSale(RULE.declinedMoved, sale, standing);
}

/** What nobody knew is undone, whatever it was, and its id can never be approved any more. */
export function* unknownIsUndone(book: DayBook, sale: SaleFile): Iterable<Violation> {
  const unknown = sale.told.find(({ outcome }) => outcome === "unknown");
  if (!unknown) return;
  const heard = { about: "reversal", sinceMs: unknown.atMs } as const;
  const hasEnded = sale.resolved.length > 0 || isOfferedAgain(book, sale, unknown);
  if (!hasEnded && !wasHeardInVain(book, sale, heard)) {
    yield ofSale(RULE.unknownEnds, sale, "was never resolved, and no death explains it");
  }
  const standing = standingOf(book, sale);
  if (standing) yield ofSale(RULE.unknownStands, sale, standing);
  if (sale.reversals.length === 0) {
    yield ofSale(RULE.unknownClosed, sale, "has no reversal: a late original could be approved");
  }
}

/**
 * A terminal whose journal failed under the answer offers the approval again when it is opened again, and leaves it to the
 * till to reverse it.
 */
function isOfferedAgain({ facts }: DayBook, sale: SaleFile, unknown: FactOf<"told">): boolean {
  const [began] = sale.began;
  const offered = sale.recovered.find(({ atMs }) => atMs >= unknown.atMs);
  if (began === undefined || offered === undefined) return false;
  const happened = (type: "journalFailed" | "terminalStarted", fromMs: number, toMs: number) =>
    facts.some(
      (fact) =>
        fact.type === type &&
        fact.terminal === sale.ref.terminal &&
        fact.atMs >= fromMs &&
        fact.atMs <= toMs,
    );
  return (
    happened("journalFailed", began.atMs, unknown.atMs) &&
    happened("terminalStarted", unknown.atMs, offered.atMs)
  );
}

/** A sale that began and was never told: only a crash explains it, and what it left is settled. */
export function* crashesAreSettled(book: DayBook, sale: SaleFile): Iterable<Violation> {
  const [began] = sale.began;
  if (!began || began.intent.inquires || sale.told.length > 0) return;
  if (interruptionOf(book, sale.ref.terminal, began.atMs) === null) {
    yield ofSale(RULE.saleEnds, sale, "was never told, and its terminal went on");
  }
  if (sale.recovered.length > 0) return;
  const standing = standingOf(book, sale);
  if (standing) yield ofSale(RULE.crashStands, sale, `${standing}, and it was not recovered`);
  if (sale.attempts.length === 0 && sale.reversals.length === 0 && isOpen(book, sale)) {
    yield ofSale(RULE.crashClosed, sale, "the ledger has neither a decision nor a reversal of it");
  }
}

/** By them the gateway says that it let a request not in: of that copy nothing can come any more. */
const NOT_LET_IN: ReadonlySet<string> = new Set(["RATE_LIMITED", "MAINTENANCE"]);

/** Whether something of it could still be decided: what left and was not refused. Of an unseen wire everything may. */
function isOpen({ seesTheWire }: DayBook, { left, refused }: SaleFile): boolean {
  return !seesTheWire || left.length > refused.filter(({ code }) => NOT_LET_IN.has(code)).length;
}
