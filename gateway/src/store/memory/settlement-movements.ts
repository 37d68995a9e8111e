// What the memory driver's ledger moved, as the books of reimbursement see it: rows are numbered by their insertion.

import { assert } from "../../core/assert.js";
import type { AttemptRow, OperationRow, ReversalRow } from "../driver.js";
import type {
  MovementPage,
  MovementRow,
  MovementSource,
  SettlementDriver,
} from "../settlement/driver.js";
import { keyOf, type Tables } from "./tables.js";

/** Builds what finds movements in tables. */
export function memoryMovements(tables: Tables): SettlementDriver["movements"] {
  const sources: Readonly<Record<MovementSource, (range: Range) => readonly MovementRow[]>> = {
    attempts: (range) => inRange(tables.attempts.values(), range).flatMap(ofAttempt),
    operations: (range) => inRange(tables.operations.rows(), range).flatMap(ofOperation),
    reversals: (range) => inRange(tables.reversals.values(), range).flatMap(ofReversal),
  };
  const sizes: Readonly<Record<MovementSource, () => number>> = {
    attempts: () => tables.attempts.values().length,
    operations: () => tables.operations.rows().length,
    reversals: () => tables.reversals.values().length,
  };

  function saleOf(row: { readonly terminalId: string; readonly id: string }): AttemptRow {
    const sale = tables.attempts.get(keyOf(row.terminalId, row.id));
    assert(sale, "what is done with a sale has its sale");
    return sale;
  }

  function taken({ terminalId, id, code }: AttemptRow): number {
    if (code === "APPROVED_RECORD") return 1;
    return tables.entries
      .rows()
      .filter((it) => it.terminalId === terminalId && it.attemptId === id && it.units > 0)
      .reduce((sum, { units }) => sum + units, 0);
  }

  function ofAttempt(row: AttemptRow): readonly MovementRow[] {
    if (row.kind !== "authorization" || row.code === "APPROVED_HELD") return [];
    const units = taken(row);
    return units === 0 ? [] : [saleMovement(row, { units, atMs: row.decidedAtMs })];
  }

  function ofOperation(row: OperationRow): readonly MovementRow[] {
    const { kind, terminalId, attemptId, units, atMs } = row;
    if (kind === "capture") {
      return [saleMovement(saleOf({ terminalId, id: attemptId }), { units, atMs })];
    }
    return [{ kind, terminalId, saleId: attemptId, refundId: row.id, units: -units, atMs }];
  }

  function ofReversal(row: ReversalRow): readonly MovementRow[] {
    const { terminalId, id: saleId, atMs } = row;
    const recorded = saleOf(row).code === "APPROVED_RECORD" ? 1 : 0;
    const units = row.units || recorded;
    if (units === 0) return [];
    return [{ kind: "reversal", terminalId, saleId, refundId: null, units: -units, atMs }];
  }

  return ({ source, afterSeq, max }): MovementPage => {
    const lastSeq = Math.min(sizes[source](), afterSeq + max);
    const rows = sources[source]({ afterSeq, lastSeq });
    return { rows, lastSeq, full: lastSeq - afterSeq === max };
  };
}

interface Range {
  readonly afterSeq: number;
  readonly lastSeq: number;
}

const inRange = <Row>(rows: readonly Row[], { afterSeq, lastSeq }: Range): readonly Row[] =>
  rows.slice(afterSeq, lastSeq);

function saleMovement(
  { terminalId, id: saleId, partnerId, avantage, programmeHash }: AttemptRow,
  moved: { readonly units: number; readonly atMs: number },
): MovementRow {
  assert(partnerId !== null && avantage !== null, "what was sold was sold by a partner");
  return { kind: "sale", terminalId, saleId, partnerId, avantage, programmeHash, ...moved };
}
