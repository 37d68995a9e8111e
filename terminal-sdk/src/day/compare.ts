// Compares a day's moves by their ids: each difference, and what is to be done about it.

import type { TillMove } from "@pass-tpe/protocol";
import type { JournalAttempt, JournalRefund } from "../client/journal-state.js";
import { isHeld, owesCapture, owesRefund, owesReversal } from "../client/journal-state.js";
import type { JournalMove } from "./moves.js";
import type { DayDifference, MoveSeen, Resolution } from "./results.js";
import { RESOLUTION_WORDS } from "./words.js";

/** What the journal knows beside its moves. */
export interface JournalView {
  sale(id: string): JournalAttempt | undefined;
  refund(id: string): JournalRefund | undefined;
}

/** A move of the gateway's of a kind that this version knows. */
export type KnownMove = TillMove & { readonly kind: JournalMove["kind"] };

/** Every difference, the gateway's moves first, in the order in which they were given. */
export function compareMoves(options: {
  terminal: readonly JournalMove[];
  gateway: readonly KnownMove[];
  journal: JournalView;
}): DayDifference[] {
  const { terminal, gateway, journal } = options;
  const own = new Map(terminal.map((move) => [keyOf(move), move]));
  const differences: DayDifference[] = [];
  for (const move of gateway) {
    const mine = own.get(keyOf(move)) ?? null;
    own.delete(keyOf(move));
    if (mine !== null && isSame(mine, move)) continue;
    const resolution = mine === null ? resolutionOf(move, journal) : "AMOUNT_DIFFERS";
    differences.push(difference({ move, mine, theirs: move, resolution }));
  }
  for (const move of own.values()) {
    differences.push(difference({ move, mine: move, theirs: null, resolution: "NOT_AT_GATEWAY" }));
  }
  return differences;
}

function keyOf({ kind, saleId, refundId }: JournalMove | KnownMove): string {
  return `${kind} ${refundId ?? saleId}`;
}

function isSame(mine: JournalMove, theirs: KnownMove): boolean {
  return mine.avantage === theirs.avantage && mine.value === theirs.value;
}

/** What to do about a move that only the gateway has on this day. */
function resolutionOf(move: KnownMove, journal: JournalView): Resolution {
  if (move.kind === "refund") {
    const refund = journal.refund(move.refundId ?? "");
    return refund !== undefined && owesRefund(refund) ? "REFUND_OWED" : "NOT_IN_JOURNAL";
  }
  const sale = journal.sale(move.saleId);
  if (sale === undefined) return "NOT_IN_JOURNAL";
  if (sale.reversalDone !== undefined) return "SETTLED";
  if (owesReversal(sale)) return "REVERSAL_OWED";
  if (move.kind === "reversal") return "ACKNOWLEDGE";
  if (owesCapture(sale)) return "CAPTURE_OWED";
  if (sale.answer?.outcome === "approved") return isHeld(sale) ? "ACKNOWLEDGE" : "OTHER_DAY";
  return sale.answer === undefined ? "REVERSAL_REFUSED" : "REVERSE";
}

function difference(options: {
  move: JournalMove | KnownMove;
  mine: JournalMove | null;
  theirs: KnownMove | null;
  resolution: Resolution;
}): DayDifference {
  const { move, mine, theirs, resolution } = options;
  const { kind, saleId, refundId } = move;
  return {
    kind,
    saleId,
    ...(refundId === undefined ? {} : { refundId }),
    terminal: mine === null ? null : seen(mine),
    gateway: theirs === null ? null : seen(theirs),
    resolution,
    words: RESOLUTION_WORDS[resolution],
  };
}

function seen({ avantage, unit, value, atMs }: MoveSeen): MoveSeen {
  return { avantage, unit, value, atMs };
}
