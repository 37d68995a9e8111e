// The lines of a day's trace that concern one violation: short, in order, for whoever has to find the fault.

import { keyOf } from "./day-book.js";
import type { Fact, LedgerFacts, SaleRef, Violation } from "./facts.js";
import { factLine, ledgerLines } from "./trace-lines.js";

/** The most lines of each part: of a long story, its end. */
const LINES_MAX = 60;

/**
 * Tells what happened around a violation: first what was seen, then the ledger's rows, each in its own order.
 * A sale is told with its terminal's deaths and starts, and the gateway's in its time; where a balance or a card is at fault, with all sales of it.
 */
export function explain(
  violation: Violation,
  facts: readonly Fact[],
  ledger: LedgerFacts,
): readonly string[] {
  const told = salesOf(violation, facts, ledger);
  const isTold = (ref: SaleRef) => told.has(keyOf(ref));
  const terminal = violation.sale?.terminal ?? violation.concerns?.terminal;
  const own = facts.filter((fact) => "sale" in fact && isTold(fact.sale));
  const [fromMs, toMs] = [own[0]?.atMs ?? 0, own.at(-1)?.atMs ?? Number.POSITIVE_INFINITY];
  const seen = facts.filter((fact) => {
    if ("sale" in fact) return isTold(fact.sale);
    if ("terminal" in fact) return fact.terminal === terminal;
    return fromMs <= fact.atMs && fact.atMs <= toMs;
  });
  const first = facts[0]?.atMs ?? 0;
  return [
    `${violation.rule}`,
    `  ${violation.found}`,
    "seen:",
    ...lastOf(seen.map((fact) => factLine(fact, first))),
    "ledger:",
    ...lastOf(ledgerLines(ledger, { isTold, concerns: violation.concerns ?? {} })),
  ];
}

function lastOf(lines: readonly string[]): readonly string[] {
  const left = lines.length - LINES_MAX;
  const shown = lines.slice(-LINES_MAX).map((line) => `  ${line}`);
  return left > 0 ? [`  (${left} earlier lines)`, ...shown] : shown;
}

/** The sale itself, and those that moved the same balance or presented the same card before it was decided. */
function salesOf(
  { sale, concerns = {} }: Violation,
  facts: readonly Fact[],
  ledger: LedgerFacts,
): ReadonlySet<string> {
  const told = new Set<string>();
  if (sale) told.add(keyOf(sale));
  const { account, avantage, card, terminal } = concerns;
  for (const fact of facts) {
    if (fact.type !== "began") continue;
    const { intent } = fact;
    const isOfCard = intent.card === card;
    const isOfTerminal = sale === null && fact.sale.terminal === terminal;
    if (isOfCard || isOfTerminal) told.add(keyOf(fact.sale));
  }
  for (const entry of ledger.entries) {
    if (entry.account === account && entry.avantage === avantage) told.add(keyOf(entry.sale));
  }
  return sale ? withoutLater(told, sale, ledger) : told;
}

/** What was decided after the sale at fault had no part in it. */
function withoutLater(
  told: ReadonlySet<string>,
  sale: SaleRef,
  ledger: LedgerFacts,
): ReadonlySet<string> {
  const own = ledger.attempts.findLastIndex((row) => keyOf(row.sale) === keyOf(sale));
  if (own === -1) return told;
  const later = new Set(ledger.attempts.slice(own + 1).map((row) => keyOf(row.sale)));
  return new Set([...told].filter((key) => key === keyOf(sale) || !later.has(key)));
}
