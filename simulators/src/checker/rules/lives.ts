// Shows that whatever died came back, and that each terminal's day adds up to the ledger's.

import type { DayBook, FactOf } from "../day-book.js";
import type { Units, Violation } from "../facts.js";
import { ofNoSale } from "../found.js";
import { RULE } from "../rule-words.js";
import { approvalOf, refundedOf, takenBy } from "../what-stands.js";

/** The last thing that is heard of a terminal or the gateway is not its death. */
export function* diedAndStarted({ terminals, facts }: DayBook): Iterable<Violation> {
  for (const [terminal, { last, lastAtMs }] of terminals) {
    if (last === "started") continue;
    const found = `terminal ${terminal} died at ${lastAtMs} and never started again`;
    yield ofNoSale(RULE.startedAgain, found, { terminal });
  }
  let diedAtMs: number | null = null;
  for (const { type, atMs } of facts) {
    if (type === "gatewayDied") diedAtMs = atMs;
    if (type === "gatewayStarted") diedAtMs = null;
  }
  if (diedAtMs !== null) {
    const found = `the gateway died at ${diedAtMs} and never started again`;
    yield ofNoSale(RULE.startedAgain, found, {});
  }
}

/** What a terminal sold less what it gave back, by its own sum and by the ledger. */
export function* dayTotalsAgree(book: DayBook): Iterable<Violation> {
  const told = new Map<string, FactOf<"dayTotals">["units"]>();
  for (const fact of book.facts) {
    if (fact.type === "dayTotals") told.set(fact.terminal, fact.units);
  }
  if (told.size === 0) return;
  const kept = ledgerTotals(book);
  for (const [terminal, units] of told) {
    const own = kept.get(terminal) ?? new Map<string, Units>();
    for (const avantage of new Set([...Object.keys(units), ...own.keys()])) {
      const [till, ledger] = [units[avantage] ?? 0, own.get(avantage) ?? 0];
      if (till === ledger) continue;
      const found = `terminal ${terminal} counts ${till} of ${avantage}, and the ledger ${ledger}`;
      yield ofNoSale(RULE.dayTotals, found, { terminal, avantage });
    }
  }
}

/** By terminal and avantage. A refund counts at the terminal that asked for it. */
function ledgerTotals(book: DayBook): ReadonlyMap<string, Map<string, Units>> {
  const totals = new Map<string, Map<string, Units>>();
  const add = (terminal: string, avantage: string, units: Units) => {
    const own = totals.get(terminal) ?? new Map<string, Units>();
    totals.set(terminal, own);
    own.set(avantage, (own.get(avantage) ?? 0) + units);
  };
  for (const sale of book.sales.values()) {
    if (approvalOf(sale) === null) continue;
    const { ref, began, entries, asked, done, refunds, reversals } = sale;
    const avantage = began[0]?.intent.avantage ?? entries[0]?.avantage;
    if (avantage === undefined) continue;
    const taken = takenBy(sale);
    add(ref.terminal, avantage, reversals.length > 0 ? refundedOf(sale) : taken);
    for (const { id, units } of refunds) {
      const told = [...asked, ...done].find(({ operation }) => operation === id);
      add(told?.by ?? ref.terminal, avantage, -units);
    }
  }
  return totals;
}
