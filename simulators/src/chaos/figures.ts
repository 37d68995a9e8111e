// The figures of a chaos run: what was done to it, what was sold meanwhile, and how doubts ended.

import type { Fact, LedgerFacts } from "../checker/facts.js";

export interface SalesFigures {
  readonly began: number;
  readonly approved: number;
  readonly declined: number;
  /** Of sales that a till was told nothing of, because it was killed. */
  readonly neverTold: number;
  readonly unknown: number;
  /** How the unknown ones ended. */
  readonly unknownEnds: Readonly<Record<"reversed" | "stillOpen", number>>;
  /** Approvals that the till had to be told again. */
  readonly recovered: number;
  readonly byHow: Readonly<Record<string, number>>;
  readonly byCode: Readonly<Record<string, number>>;
  /** What was asked for after a sale, by what it was and how it ended. */
  readonly afterSale: Readonly<Record<string, number>>;
}

/** Counts what the tills saw. */
export function salesFigures(facts: readonly Fact[]): SalesFigures {
  const told = new Map<string, "approved" | "declined" | "unknown">();
  const resolved = new Set<string>();
  const recovered = new Set<string>();
  const byHow = new Map<string, number>();
  const byCode = new Map<string, number>();
  const afterSale = new Map<string, number>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  let began = 0;
  for (const fact of facts) {
    if (fact.type === "began") {
      began += 1;
      const { how, pin } = fact.intent;
      count(byHow, pin === null ? how : `${how}, ${pin} PIN`);
    }
    if (fact.type === "told") {
      told.set(fact.sale.id, fact.outcome);
      count(byCode, fact.code);
    }
    if (fact.type === "resolved") resolved.add(fact.sale.id);
    if (fact.type === "recovered") recovered.add(fact.sale.id);
    if (fact.type === "done") count(afterSale, `${fact.what} ${fact.outcome}`);
  }
  const of = (outcome: string) => [...told.values()].filter((one) => one === outcome).length;
  const unknown = [...told].filter(([, outcome]) => outcome === "unknown");
  const reversed = unknown.filter(([id]) => resolved.has(id)).length;
  return {
    began,
    approved: of("approved"),
    declined: of("declined"),
    neverTold: began - told.size,
    unknown: unknown.length,
    unknownEnds: { reversed, stillOpen: unknown.length - reversed },
    recovered: recovered.size,
    byHow: sorted(byHow),
    byCode: sorted(byCode),
    afterSale: sorted(afterSale),
  };
}

/** The most frequent first. */
function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

/** How much there is in a ledger. */
export function ledgerFigures(ledger: LedgerFacts): Readonly<Record<string, number>> {
  return {
    attempts: ledger.attempts.length,
    approved: ledger.attempts.filter(({ approved }) => approved).length,
    reversals: ledger.reversals.length,
    captures: ledger.operations.filter(({ kind }) => kind === "capture").length,
    refunds: ledger.operations.filter(({ kind }) => kind === "refund").length,
    entries: ledger.entries.length,
    openHolds: ledger.holds.length,
  };
}
