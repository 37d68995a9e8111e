// One partner at one cut-off: what of it is held, what is released, and whether that makes a payment.

import type { HoldReason, PartnerPapers, SettlementLine } from "./model.js";
import { type Holdable, holdsOf, type PaperRules } from "./papers.js";

/** A line, or many that stand alike, with the sum of their amounts. */
type Settleable = Holdable & Pick<SettlementLine, "amountCents">;

export interface Settled<T> {
  readonly held: readonly { readonly item: T; readonly holds: readonly HoldReason[] }[];
  /** In one payment where there is one; carried over to the next cut-off otherwise. */
  readonly released: readonly T[];
  readonly heldCents: number;
  readonly releasedCents: number;
  /** What is transferred: the sum of what is released, above zero; null where nothing is. */
  readonly paymentCents: number | null;
}

/**
 * Decides over a partner's open lines from before a cut-off. What is held is in no payment (I10). What was given back
 * is set off against what is owed; where more was given back, nobody is asked to pay: the sum waits for later sales.
 */
export function settle<T extends Settleable>(
  items: readonly T[],
  papers: PartnerPapers,
  rules: PaperRules,
): Settled<T> {
  const looked = items.map((item) => ({ item, holds: holdsOf(item, papers, rules) }));
  const held = looked.filter(({ holds }) => holds.length > 0);
  const released = looked.filter(({ holds }) => holds.length === 0).map(({ item }) => item);
  const releasedCents = sumOf(released);
  return {
    held,
    released,
    heldCents: sumOf(held.map(({ item }) => item)),
    releasedCents,
    paymentCents: releasedCents > 0 ? releasedCents : null,
  };
}

const sumOf = (items: readonly Settleable[]): number =>
  items.reduce((sum, { amountCents }) => sum + amountCents, 0);
