// What the journal's records come to: for each sale, whether it is finished, in doubt, or not yet acknowledged.

import type { JournalRecord } from "./journal-format.js";

type AttemptRecord = Extract<JournalRecord, { type: "attempt" }>;
type AnswerRecord = Extract<JournalRecord, { type: "answer" }>;

/** One sale as the journal knows it. */
export interface JournalAttempt {
  readonly attempt: AttemptRecord;
  readonly answer?: AnswerRecord;
  readonly acknowledgedAtMs?: number;
  readonly reversalOwedAtMs?: number;
  readonly reversalDoneAtMs?: number;
  readonly reversalRefusedAtMs?: number;
}

/** Sales by id, in the order in which they began. */
export type JournalState = Map<string, JournalAttempt>;

/** Finished sales are dropped from the journal after this time, or when there are more than so many. */
export const FINISHED_KEPT_MS = 7 * 24 * 60 * 60 * 1000;
export const FINISHED_KEPT_MAX = 5_000;

/** Takes one record in. A record of a sale that the journal no longer holds changes nothing. */
export function applyRecord(state: JournalState, record: JournalRecord): void {
  if (record.type === "attempt") {
    state.set(record.id, { attempt: record });
    return;
  }
  const known = state.get(record.id);
  if (known !== undefined) state.set(record.id, changed(known, record));
}

function changed(
  sale: JournalAttempt,
  record: Exclude<JournalRecord, AttemptRecord>,
): JournalAttempt {
  switch (record.type) {
    case "answer":
      return { ...sale, answer: record };
    case "acknowledged":
      return { ...sale, acknowledgedAtMs: record.atMs };
    case "reversalOwed":
      return { ...sale, reversalOwedAtMs: record.atMs };
    case "reversalDone":
      return { ...sale, reversalDoneAtMs: record.atMs };
    case "reversalRefused": {
      const { reversalOwedAtMs: _, ...rest } = sale;
      return { ...rest, reversalRefusedAtMs: record.atMs };
    }
  }
}

/** Whether the sale must still be reversed: it was owed, or the run ended before any answer was kept. */
export function owesReversal(sale: JournalAttempt): boolean {
  if (sale.reversalDoneAtMs !== undefined) return false;
  if (sale.reversalOwedAtMs !== undefined) return true;
  return sale.answer === undefined && sale.reversalRefusedAtMs === undefined;
}

/** Whether the sale was approved and the till never took note of it. */
export function awaitsAcknowledgement(sale: JournalAttempt): boolean {
  return (
    sale.answer?.outcome === "approved" &&
    sale.acknowledgedAtMs === undefined &&
    sale.reversalOwedAtMs === undefined &&
    sale.reversalDoneAtMs === undefined
  );
}

/** Drops finished sales that are old or too many. What is in doubt or unacknowledged always stays. */
export function dropFinished(options: { state: JournalState; nowMs: number }): void {
  const { state, nowMs } = options;
  const finished = [...state.values()].filter(
    (sale) => !owesReversal(sale) && !awaitsAcknowledgement(sale),
  );
  const surplus = finished.length - FINISHED_KEPT_MAX;
  finished.forEach(({ attempt }, index) => {
    if (index < surplus || nowMs - attempt.atMs > FINISHED_KEPT_MS) state.delete(attempt.id);
  });
}

/** The records that make this state again. */
export function recordsOf(state: JournalState): JournalRecord[] {
  return [...state.values()].flatMap((sale) => {
    const { id } = sale.attempt;
    const records: JournalRecord[] = [sale.attempt];
    if (sale.answer !== undefined) records.push(sale.answer);
    const { acknowledgedAtMs, reversalRefusedAtMs, reversalOwedAtMs, reversalDoneAtMs } = sale;
    if (acknowledgedAtMs !== undefined) {
      records.push({ type: "acknowledged", id, atMs: acknowledgedAtMs });
    }
    // Before what is owed: a debt that came after the refusal stays one.
    if (reversalRefusedAtMs !== undefined) {
      records.push({ type: "reversalRefused", id, atMs: reversalRefusedAtMs });
    }
    if (reversalOwedAtMs !== undefined) {
      records.push({ type: "reversalOwed", id, atMs: reversalOwedAtMs });
    }
    if (reversalDoneAtMs !== undefined) {
      records.push({ type: "reversalDone", id, atMs: reversalDoneAtMs });
    }
    return records;
  });
}
