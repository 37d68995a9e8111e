// What the journal's records come to: for each sale and refund, whether it is finished, in doubt, or not yet noted.

import type {
  AnswerRecord,
  AttemptRecord,
  CapturedRecord,
  CaptureOwedRecord,
  JournalRecord,
  RefundDoneRecord,
  RefundOwedRecord,
  ReversalDoneRecord,
} from "./journal-records.js";

/** One sale as the journal knows it. */
export interface JournalAttempt {
  readonly attempt: AttemptRecord;
  readonly answer?: AnswerRecord;
  readonly acknowledgedAtMs?: number;
  /** Gone once the gateway has refused it. */
  readonly captureOwed?: CaptureOwedRecord;
  readonly captured?: CapturedRecord;
  readonly holdExpiredAtMs?: number;
  readonly reversalOwedAtMs?: number;
  readonly reversalDone?: ReversalDoneRecord;
  readonly reversalRefusedAtMs?: number;
}

/** One refund as the journal knows it. */
export interface JournalRefund {
  readonly owed: RefundOwedRecord;
  readonly done?: RefundDoneRecord;
  readonly refusedAtMs?: number;
  readonly acknowledgedAtMs?: number;
}

/** Sales and refunds by id, each in the order in which they began. */
export interface JournalState {
  readonly sales: Map<string, JournalAttempt>;
  readonly refunds: Map<string, JournalRefund>;
}

/** What is finished is dropped from the journal after this time, or when there is more than so much of its kind. */
export const FINISHED_KEPT_MS = 9 * 24 * 60 * 60 * 1000;
export const FINISHED_KEPT_MAX = 5_000;

export function emptyState(): JournalState {
  return { sales: new Map(), refunds: new Map() };
}

/** Takes one record in. One about what the journal no longer holds changes nothing. */
export function applyRecord({ sales, refunds }: JournalState, record: JournalRecord): void {
  const { id } = record;
  if (record.type === "attempt") sales.set(id, { attempt: record });
  if (record.type === "refundOwed") refunds.set(id, { owed: record });
  const sale = sales.get(id);
  if (sale !== undefined) sales.set(id, changedSale(sale, record));
  const refund = refunds.get(id);
  if (refund !== undefined) refunds.set(id, changedRefund(refund, record));
}

function changedSale(sale: JournalAttempt, record: JournalRecord): JournalAttempt {
  switch (record.type) {
    case "answer":
      return { ...sale, answer: record };
    case "acknowledged":
      return { ...sale, acknowledgedAtMs: record.atMs };
    case "captureOwed":
      return { ...sale, captureOwed: record };
    case "captured":
      return { ...sale, captured: record };
    case "captureRefused": {
      const { captureOwed: _, ...rest } = sale;
      return rest;
    }
    case "holdExpired":
      return { ...sale, holdExpiredAtMs: record.atMs };
    case "reversalOwed":
      return { ...sale, reversalOwedAtMs: record.atMs };
    case "reversalDone":
      return { ...sale, reversalDone: record };
    case "reversalRefused": {
      const { reversalOwedAtMs: _, ...rest } = sale;
      return { ...rest, reversalRefusedAtMs: record.atMs };
    }
    default:
      return sale;
  }
}

function changedRefund(refund: JournalRefund, record: JournalRecord): JournalRefund {
  switch (record.type) {
    case "refundDone":
      return { ...refund, done: record };
    case "refundRefused":
      return { ...refund, refusedAtMs: record.atMs };
    case "acknowledged":
      return { ...refund, acknowledgedAtMs: record.atMs };
    default:
      return refund;
  }
}

/** Whether the sale must still be reversed: it was owed, or the run ended before any answer was kept. */
export function owesReversal(sale: JournalAttempt): boolean {
  if (sale.reversalDone !== undefined) return false;
  if (sale.reversalOwedAtMs !== undefined) return true;
  return sale.answer === undefined && sale.reversalRefusedAtMs === undefined;
}

/** Whether a capture was begun and never answered. A reversal ends it: what is given back is not taken. */
export function owesCapture(sale: JournalAttempt): boolean {
  const { captureOwed, captured, reversalOwedAtMs, reversalDone } = sale;
  return (
    captureOwed !== undefined &&
    captured === undefined &&
    reversalOwedAtMs === undefined &&
    reversalDone === undefined
  );
}

/** Whether a refund was begun and never answered. */
export function owesRefund(refund: JournalRefund): boolean {
  return refund.done === undefined && refund.refusedAtMs === undefined;
}

/** Whether the sale was approved and the till has not had its last word on it: of a held one, the capture's. */
export function awaitsAcknowledgement(sale: JournalAttempt): boolean {
  return (
    sale.answer?.outcome === "approved" &&
    sale.acknowledgedAtMs === undefined &&
    sale.holdExpiredAtMs === undefined &&
    sale.reversalOwedAtMs === undefined &&
    sale.reversalDone === undefined
  );
}

/** Whether the sale still only holds what it asked for, as far as the journal knows. */
export function isHeld(sale: JournalAttempt): boolean {
  return sale.answer?.holdExpiresAtMs !== undefined && sale.captured === undefined;
}

/** Drops what is finished and old, or too much. What is in doubt or not noted always stays. */
export function dropFinished(options: { state: JournalState; nowMs: number }): void {
  const { state, nowMs } = options;
  dropOld(state.sales, {
    nowMs,
    isFinished: (sale) => isFinishedSale(sale, nowMs),
    lastMs: (sale) => Math.max(...saleRecords(sale).map(({ atMs }) => atMs)),
  });
  dropOld(state.refunds, {
    nowMs,
    isFinished: (refund) => !owesRefund(refund),
    lastMs: (refund) => Math.max(...refundRecords(refund).map(({ atMs }) => atMs)),
  });
}

/** A hold that is over took nothing. Its time is the gateway's, but no clock is wrong by what finished sales are kept. */
function isFinishedSale(sale: JournalAttempt, nowMs: number): boolean {
  if (owesReversal(sale) || owesCapture(sale)) return false;
  if (!awaitsAcknowledgement(sale)) return true;
  return isHeld(sale) && (sale.answer?.holdExpiresAtMs ?? nowMs) < nowMs;
}

function dropOld<T>(
  all: Map<string, T>,
  options: { nowMs: number; isFinished: (one: T) => boolean; lastMs: (one: T) => number },
): void {
  const { nowMs, isFinished, lastMs } = options;
  const finished = [...all].filter(([, one]) => isFinished(one));
  const surplus = finished.length - FINISHED_KEPT_MAX;
  finished.forEach(([id, one], index) => {
    if (index < surplus || nowMs - lastMs(one) > FINISHED_KEPT_MS) all.delete(id);
  });
}

/** The records that make this state again. */
export function recordsOf({ sales, refunds }: JournalState): JournalRecord[] {
  return [
    ...[...sales.values()].flatMap(saleRecords),
    ...[...refunds.values()].flatMap(refundRecords),
  ];
}

function saleRecords(sale: JournalAttempt): JournalRecord[] {
  const { id } = sale.attempt;
  const { acknowledgedAtMs, holdExpiredAtMs, reversalRefusedAtMs, reversalOwedAtMs } = sale;
  return [
    sale.attempt,
    ...present(sale.answer),
    ...present(sale.captureOwed),
    ...present(sale.captured),
    ...mark("acknowledged", id, acknowledgedAtMs),
    ...mark("holdExpired", id, holdExpiredAtMs),
    // Before what is owed: a debt that came after the refusal stays one.
    ...mark("reversalRefused", id, reversalRefusedAtMs),
    ...mark("reversalOwed", id, reversalOwedAtMs),
    ...present(sale.reversalDone),
  ];
}

function refundRecords({ owed, done, refusedAtMs, acknowledgedAtMs }: JournalRefund) {
  const records: JournalRecord[] = [owed, ...present(done)];
  records.push(...mark("refundRefused", owed.id, refusedAtMs));
  records.push(...mark("acknowledged", owed.id, acknowledgedAtMs));
  return records;
}

function present<T extends JournalRecord>(record: T | undefined): T[] {
  return record === undefined ? [] : [record];
}

type Mark = "acknowledged" | "holdExpired" | "reversalRefused" | "reversalOwed" | "refundRefused";

function mark(type: Mark, id: string, atMs: number | undefined): JournalRecord[] {
  return atMs === undefined ? [] : [{ type, id, atMs }];
}
