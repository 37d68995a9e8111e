// How a rule reports what it found.

import type { DayBook, SaleFile } from "./day-book.js";
import type { Violation } from "./facts.js";
import type { RuleWords } from "./rule-words.js";

/** One rule, or some that look at the same rows: everything in a day that breaks them. */
export type Check = (book: DayBook) => Iterable<Violation>;

/** A rule that looks at one sale. */
export type SaleCheck = (book: DayBook, sale: SaleFile) => Iterable<Violation>;

/** Holds every sale of the day to a rule. */
export function ofEachSale(check: SaleCheck): Check {
  return function* (book) {
    for (const sale of book.sales.values()) yield* check(book, sale);
  };
}

/** Something of one sale that must not be. */
export function ofSale(
  rule: RuleWords,
  { ref }: Pick<SaleFile, "ref">,
  found: string,
  concerns: NonNullable<Violation["concerns"]> = {},
): Violation {
  return { rule, found: `${nameOf(ref)}: ${found}`, sale: ref, concerns };
}

/** Something that no single sale is to blame for. */
export function ofNoSale(
  rule: RuleWords,
  found: string,
  concerns: NonNullable<Violation["concerns"]>,
): Violation {
  return { rule, found, sale: null, concerns };
}

function nameOf({ terminal, id }: SaleFile["ref"]): string {
  return `sale ${id} of ${terminal}`;
}
