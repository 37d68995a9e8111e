// Reads the cards of presentations: a statement for each kind of name that cards are found by, and all of them sent together.

import type { Locator } from "../../core/ports.js";
import type { CaseQuery } from "../driver.js";
import { type CaseCard, type Presented, prepareCardsByName } from "./case-card.js";
import { nameOf } from "./case-locks.js";
import type { RunQuery } from "./sql.js";

/** Names no card, in place of a presentation that does not: it takes the same time. */
const NO_INDEX = Buffer.alloc(0);

const KINDS: readonly Locator["by"][] = ["identifier", "number", "proof"];

/** Reads presented cards, each in its place: null where it is not there. */
export type ReadCaseCards = (
  queries: readonly CaseQuery[],
) => Promise<readonly (CaseCard | null)[]>;

/** Prepares the read of presented cards. */
export function prepareCaseCards(run: RunQuery): ReadCaseCards {
  const readBy = prepareCardsByName(run);
  /** Of a card that was found: it stands in for one that is not there. */
  let standInId: string | null = null;

  async function readKind(
    kind: Locator["by"],
    queries: readonly CaseQuery[],
    cards: (CaseCard | null)[],
  ): Promise<void> {
    const places = [...queries.keys()].filter((at) => kindOf(queries[at]) === kind);
    if (places.length === 0) return;
    const asked = places.flatMap((at) => queries[at] ?? []);
    const beside = { salesSinceMs: earliest(asked), standInId };
    const found = await readBy[kind](asked.map(presented), beside);
    for (const [index, at] of places.entries()) {
      cards[at] = since(queries[at]?.salesSinceMs ?? null, found[index] ?? null);
      standInId = cards[at]?.card.id ?? standInId;
    }
  }

  return async (queries) => {
    const cards: (CaseCard | null)[] = queries.map(() => null);
    await Promise.all(KINDS.map((kind) => readKind(kind, queries, cards)));
    return cards;
  };
}

const kindOf = (query: CaseQuery | undefined): Locator["by"] => query?.locator?.by ?? "identifier";

const presented = ({ terminalId, locator }: CaseQuery): Presented => {
  return { terminalId, value: locator === null ? NO_INDEX : nameOf(locator) };
};

/** They were asked one after the other, and are read at once. */
function earliest(queries: readonly CaseQuery[]): number | null {
  const asked = queries.flatMap(({ salesSinceMs }) => salesSinceMs ?? []);
  return asked.length === 0 ? null : Math.min(...asked);
}

function since(salesSinceMs: number | null, card: CaseCard | null): CaseCard | null {
  if (card === null) return null;
  const { holder } = card;
  const recentSalesMs = holder.recentSalesMs.filter(
    (atMs) => salesSinceMs !== null && atMs >= salesSinceMs,
  );
  return { ...card, holder: { ...holder, recentSalesMs } };
}
