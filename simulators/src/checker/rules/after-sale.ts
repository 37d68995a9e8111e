// Holds captures, refunds and reversals to what was asked for and to the last word that was told of it.

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

type What = FactOf<"asked">["what"];

/** Another one of the same sale waits for its answer: nothing was asked by this one. */
const WAITS = "IN_PROGRESS";

/** The ledger has a capture already, by another call; or its sale is reversed, and nothing of it stands. */
const ENDED_BEFORE: ReadonlySet<string> = new Set(["ALREADY_CAPTURED", "ALREADY_REVERSED"]);

/** Each wish comes to a word, unless the terminal died over it; an "unknown" to another one, in this life or a later. */
export function* asksEnd(book: DayBook, sale: SaleFile): Iterable<Violation> {
  for (const { what, by = sale.ref.terminal, atMs, operation } of sale.asked) {
    if (hasEnded(sale, { what, atMs, operation })) continue;
    if (interruptionOf(book, by, atMs) !== null) continue;
    yield ofSale(RULE.askEnds, sale, `the ${what} that was asked for at ${atMs} has no last word`);
  }
  for (const word of sale.done) {
    const { what, atMs, operation, outcome } = word;
    if (outcome !== "unknown") continue;
    const later = sale.done.slice(sale.done.indexOf(word) + 1);
    // A reversal that was done later may also be told as the end of a doubt.
    const resolved = what === "reversal" && sale.resolved.some((one) => one.atMs >= atMs);
    const ended = resolved || later.some((one) => isLastWord(one, { what, operation }));
    // A refund's end is told at each start until the till has taken note of it.
    if (
      ended ||
      (what !== "refund" && wasHeardInVain(book, sale, { about: what, sinceMs: atMs }))
    ) {
      continue;
    }
    yield ofSale(RULE.askEnds, sale, `the ${what} that was unknown at ${atMs} stayed so`);
  }
}

function hasEnded(
  sale: SaleFile,
  asked: { what: What; atMs: number; operation: string | null },
): boolean {
  return sale.done.some((word) => word.atMs >= asked.atMs && isWord(word, asked));
}

/** A word on this wish, be it "unknown": that one is asked for its end by itself. */
function isWord(
  word: FactOf<"done">,
  { what, operation }: { what: What; operation: string | null },
): boolean {
  const names = word.operation === null || operation === null || word.operation === operation;
  return word.what === what && names;
}

function isLastWord(
  word: FactOf<"done">,
  asked: { what: What; operation: string | null },
): boolean {
  return word.outcome !== "unknown" && word.code !== WAITS && isWord(word, asked);
}

/** What was told as done is there; what was told as declined, of all that was asked, is not. */
export function* ledgerHasLastWord(book: DayBook, sale: SaleFile): Iterable<Violation> {
  for (const word of sale.done) {
    if (word.outcome !== "done" || isThere(sale, word)) continue;
    const found = `the ${word.what} of ${word.units} that was done is not in the ledger`;
    yield ofSale(RULE.wordKept, sale, found);
  }
  for (const what of ["capture", "reversal"] as const) {
    if (isThereAtAll(sale, what) && isDeclinedForGood(book, sale, what)) {
      yield ofSale(RULE.lastWord, sale, `the ${what} was declined, and the ledger has one`);
    }
  }
  for (const { id, units } of sale.refunds) {
    const words = sale.done.filter(({ operation, code }) => operation === id && code !== WAITS);
    if (words.at(-1)?.outcome === "declined") {
      const found = `refund ${id} was declined, and the ledger has it with ${units}`;
      yield ofSale(RULE.lastWord, sale, found);
    }
  }
}

function isThere(sale: SaleFile, { what, operation, units }: FactOf<"done">): boolean {
  switch (what) {
    case "capture":
      return sale.captures.some((row) => row.units === units);
    case "refund":
      return sale.refunds.some(
        (row) => row.units === units && (operation === null || row.id === operation),
      );
    case "reversal":
      return sale.reversals.length > 0;
  }
}

function isThereAtAll(sale: SaleFile, what: "capture" | "reversal"): boolean {
  return what === "capture" ? sale.captures.length > 0 : byHand(sale).length > 0;
}

function byHand({ reversals }: SaleFile): SaleFile["reversals"] {
  return reversals.filter(({ reason }) => reason === "manual");
}

/** Every wish of this kind was declined, and none of them was lost with its terminal. */
function isDeclinedForGood(book: DayBook, sale: SaleFile, what: "capture" | "reversal"): boolean {
  const asked = sale.asked.filter((one) => one.what === what);
  const words = sale.done.filter((one) => one.what === what);
  const last = words.filter(({ outcome }) => outcome !== "unknown");
  const isLost = ({ by = sale.ref.terminal, atMs }: FactOf<"asked">) => {
    const diedAtMs = interruptionOf(book, by, atMs);
    return diedAtMs !== null && !words.some((word) => word.atMs >= atMs && word.atMs <= diedAtMs);
  };
  return (
    last.length > 0 &&
    last.at(-1) === words.at(-1) &&
    last.every(
      ({ outcome, code }) => outcome === "declined" && code !== WAITS && !ENDED_BEFORE.has(code),
    ) &&
    !asked.some(isLost)
  );
}

/** Money moves after a sale because somebody at a till wished it. */
export function* nothingUnasked(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const asked = (what: What) => sale.asked.filter((one) => one.what === what);
  if (sale.captures.length > 0 && asked("capture").length === 0) {
    yield ofSale(RULE.unasked, sale, "was captured");
  }
  if (byHand(sale).length > 0 && asked("reversal").length === 0) {
    yield ofSale(RULE.unasked, sale, "was reversed by hand");
  }
  const refunds = asked("refund");
  const named = new Set(refunds.flatMap(({ operation }) => operation ?? []));
  const unnamed = refunds.filter(({ operation }) => operation === null).length;
  const strange = sale.refunds.filter(({ id }) => !named.has(id));
  if (strange.length > unnamed) {
    const ids = strange.map(({ id }) => id).join(", ");
    yield ofSale(RULE.unasked, sale, `of refunds ${ids} only ${unnamed} were asked for`);
  }
}

/** Once a till holds an approval in its hand, nobody but the till undoes it. */
export function* notBehindTheTillsBack(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const inHand =
    sale.recovered.length > 0 || sale.told.some(({ outcome }) => outcome === "approved");
  const wished = sale.asked.some(({ what }) => what === "reversal");
  if (inHand && !wished && sale.reversals.length > 0) {
    const reasons = sale.reversals.map(({ reason }) => reason).join(", ");
    yield ofSale(RULE.behindBack, sale, `was approved to the till, and is reversed (${reasons})`);
  }
}
