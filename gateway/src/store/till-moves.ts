// What one till did in a time, from its sales and what became of them.

import type { TillMove } from "@pass-tpe/protocol";
import { isRecordCode, type SaleRows, type StoredAttempt } from "./driver.js";
import { takenAtMs } from "./sale-file.js";

interface TillMovesInput {
  /** Sales that this till made, or gave something back of; others change nothing. */
  readonly sales: readonly { readonly stored: StoredAttempt; readonly sale: SaleRows }[];
  readonly terminalId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The moves of a till in `[fromMs, toMs)`, in the order of their making. */
export function tillMoves({
  sales,
  terminalId,
  fromMs,
  toMs,
}: TillMovesInput): readonly TillMove[] {
  return sales
    .flatMap(({ stored, sale }) => movesOf(stored, sale, terminalId))
    .filter(({ atMs }) => fromMs <= atMs && atMs < toMs)
    .sort((a, b) => a.atMs - b.atMs || compare(a.saleId, b.saleId));
}

function movesOf(
  stored: StoredAttempt,
  { grant, taken }: SaleRows,
  terminalId: string,
): readonly TillMove[] {
  const { attempt, reversal, refunds } = stored;
  const { avantage, id: saleId } = attempt;
  const isRecorded = isRecordCode(attempt.code);
  if (avantage === null || (taken === 0 && !isRecorded)) return [];
  const unit = grant?.unit ?? "RECORD";
  const common = { saleId, avantage, unit };
  const made: TillMove[] = [];
  if (attempt.terminalId === terminalId) {
    made.push({ kind: "sale", ...common, value: taken, atMs: takenAtMs(stored) });
    if (reversal) {
      made.push({ kind: "reversal", ...common, value: reversal.units, atMs: reversal.atMs });
    }
  }
  for (const { id: refundId, askedBy, units, atMs } of refunds) {
    if (askedBy !== `terminal ${terminalId}`) continue;
    made.push({ kind: "refund", ...common, refundId, value: units, atMs });
  }
  return made;
}

/** Moves of one sale stay in the order in which it made them. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
