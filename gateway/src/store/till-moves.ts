// What one till did in a time, from its sales and what became of them.

import type { TillMove, Unit } from "@pass-tpe/protocol";
import { isRecordCode, type OperationRow, type ReversalRow } from "./driver.js";

/** A sale, as far as a till's day knows it. */
export interface TillSale {
  readonly terminalId: string;
  readonly id: string;
  readonly code: string;
  readonly avantage: string | null;
  /** Of the grant that it drew on; null where it drew on none. */
  readonly unit: Unit | null;
  readonly taken: number;
  /** At its capture, or at once. */
  readonly takenAtMs: number;
  readonly reversal: Pick<ReversalRow, "units" | "atMs"> | null;
  readonly refunds: readonly Pick<OperationRow, "id" | "askedBy" | "units" | "atMs">[];
}

interface TillMovesInput {
  /** Sales that this till made, or gave something back of; others change nothing. */
  readonly sales: readonly TillSale[];
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
    .flatMap((sale) => movesOf(sale, terminalId))
    .filter(({ atMs }) => fromMs <= atMs && atMs < toMs)
    .sort((a, b) => a.atMs - b.atMs || compare(a.saleId, b.saleId));
}

function movesOf(sale: TillSale, terminalId: string): readonly TillMove[] {
  const { id: saleId, avantage, taken, reversal } = sale;
  const isRecorded = isRecordCode(sale.code);
  if (avantage === null || (taken === 0 && !isRecorded)) return [];
  const common = { saleId, avantage, unit: sale.unit ?? "RECORD" } as const;
  const made: TillMove[] = [];
  if (sale.terminalId === terminalId) {
    made.push({ kind: "sale", ...common, value: taken, atMs: sale.takenAtMs });
    if (reversal) {
      made.push({ kind: "reversal", ...common, value: reversal.units, atMs: reversal.atMs });
    }
  }
  for (const { id: refundId, askedBy, units, atMs } of sale.refunds) {
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
