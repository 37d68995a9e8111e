// Compares a day's moves by their ids: each difference, and what is to be done about it.

import type { TillMove } from "@pass-tpe/protocol";
import type { JournalAttempt, JournalRefund } from "../client/journal-state.js";
import { isHeld, owesCapture, owesRefund, owesReversal } from "../client/journal-state.js";
import type { JournalMove } from "./moves.js";
import type { DayDifference, MoveSeen, Resolution } from "./results.js";
import { RESOLUTION_WORDS } from "./words.js";

/** What the journal knows beside its moves of the day. */
interface JournalView {
  /** Its moves of other days. */
  readonly elsewhere: readonly JournalMove[];
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
  const own = byKey(terminal);
  const elsewhere = byKey(journal.elsewhere);
  const differences: DayDifference[] = [];
  // One move can stand on two pages, where something was added between them.
  for (const [key, move] of byKey(gateway)) {
    const mine = own.get(key) ?? null;
    own.delete(key);
    if (mine !== null && isSame(mine, move)) continue;
    const resolution = resolutionFor(move, { mine, other: elsewhere.get(key) ?? null, journal });
    differences.push(difference({ move, mine, theirs: move, resolution }));
  }
  for (const move of own.values()) {
    differences.push(difference({ move, mine: move, theirs: null, resolution: "NOT_AT_GATEWAY" }));
  }
  return differences;
}

function byKey<M extends JournalMove | KnownMove>(moves: readonly M[]): Map<string, M> {
  return new Map(moves.map((move) => [keyOf(move), move]));
}

function keyOf({ kind, saleId, refundId }: JournalMove | KnownMove): string {
  return `${kind} ${refundId ?? saleId}`;
}

function isSame(mine: JournalMove, theirs: KnownMove): boolean {
  return mine.avantage === theirs.avantage && mine.value === theirs.value;
}

/** @param known.mine the journal's on this day. @param known.other the same on another day. */
function resolutionFor(
  move: KnownMove,
  known: { mine: JournalMove | null; other: JournalMove | null; journal: JournalView },
): Resolution {
  const { mine, other, journal } = known;
  if (mine !== null) return "AMOUNT_DIFFERS";
  if (other === null) return resolutionOf(move, journal);
  return isSame(other, move) ? "OTHER_DAY" : "AMOUNT_DIFFERS";
}

/** What to do about a move that only the gateway has. */
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
  if (sale.answer?.outcome === "approved") return isHeld(sale) ? "ACKNOWLEDGE" : "NOT_IN_JOURNAL";
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
