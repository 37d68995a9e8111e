// What a till did on a day, summed up by avantage, against what its own journal comes to.

import {
  MOVES_PER_PAGE,
  type ReconciliationAnswer,
  type ReconciliationRequest,
  type TillMove,
  type TillTotal,
} from "@pass-tpe/protocol";
import { assert } from "./assert.js";

/** A comparison, as the answer tells it. */
type TillDayCompared = Pick<ReconciliationAnswer, "agreed" | "totals" | "moves" | "morePages">;

/**
 * Compares a till's totals with its moves. Where they are the same, no move is listed.
 *
 * @param page of the moves, from 0; one beyond the last is empty.
 */
export function compareTillDay(input: {
  readonly moves: readonly TillMove[];
  readonly claimed: ReconciliationRequest["totals"];
  readonly page: number;
}): TillDayCompared {
  const { moves, claimed, page } = input;
  const totals = totalsOf(moves);
  if (areSame(totals, claimed)) return { agreed: true, totals, moves: [], morePages: false };
  const from = page * MOVES_PER_PAGE;
  const to = from + MOVES_PER_PAGE;
  return { agreed: false, totals, moves: moves.slice(from, to), morePages: to < moves.length };
}

/** The totals of moves, one for each avantage and unit, in the order of their names. */
export function totalsOf(moves: readonly TillMove[]): TillTotal[] {
  const byKey = new Map<string, TillTotal>();
  for (const move of moves) {
    const total = byKey.get(keyOf(move)) ?? emptyTotal(move);
    byKey.set(keyOf(move), total);
    const counted = total[fieldOf(move)];
    counted.count += 1;
    counted.value += move.value;
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
}

function emptyTotal({ avantage, unit }: TillMove): TillTotal {
  const none = () => ({ count: 0, value: 0 });
  return { avantage, unit, sales: none(), reversals: none(), refunds: none() };
}

function fieldOf({ kind }: TillMove): "sales" | "reversals" | "refunds" {
  switch (kind) {
    case "sale":
      return "sales";
    case "reversal":
      return "reversals";
    case "refund":
      return "refunds";
    default:
      assert(false, `a till's day knows no ${kind}`);
  }
}

/** A till tells both kinds of use that debit nothing by the same answer, so that they are one here. */
function keyOf({ avantage, unit }: Pick<TillTotal, "avantage" | "unit">): string {
  return `${avantage} ${unit === "UNLIMITED" ? "RECORD" : unit}`;
}

/** Whether they say the same, whatever their order; a total of nothing says nothing. */
function areSame(totals: readonly TillTotal[], claimed: ReconciliationRequest["totals"]): boolean {
  return JSON.stringify(said(totals)) === JSON.stringify(said(claimed));
}

function said(totals: readonly TillTotal[]): readonly string[] {
  return totals
    .map((total) => ({ key: keyOf(total), figures: figuresOf(total) }))
    .filter(({ figures }) => figures.some((figure) => figure > 0))
    .map(({ key, figures }) => [key, ...figures].join(" "))
    .sort();
}

function figuresOf({ sales, reversals, refunds }: TillTotal): readonly number[] {
  return [sales, reversals, refunds].flatMap(({ count, value }) => [count, value]);
}
