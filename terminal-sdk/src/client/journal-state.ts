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
  ReversalOwedRecord,
  TerminalRecord,
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
  /** Gone once the gateway has refused it. */
  readonly reversalOwed?: ReversalOwedRecord;
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

/** Whose it is, where that is known; sales and refunds by id, each in the order in which they began. */
export interface JournalState {
  terminal: TerminalRecord | null;
  readonly sales: Map<string, JournalAttempt>;
  readonly refunds: Map<string, JournalRefund>;
}

/** What is finished is dropped from the journal after this time: later than any day that a till can still account for. */
export const FINISHED_KEPT_MS = 9 * 24 * 60 * 60 * 1000;

/**
 * Only above so much of a kind goes what is finished although it is not old: about 7,000 sales on each of seven days,
 * more than one till can make. The day's totals then lack the oldest.
 */
export const FINISHED_KEPT_MAX = 50_000;

export function emptyState(): JournalState {
  return { terminal: null, sales: new Map(), refunds: new Map() };
}

/** Takes one record in. One about what the journal no longer holds changes nothing. */
export function applyRecord(state: JournalState, record: JournalRecord): void {
  const { sales, refunds } = state;
  const { id } = record;
  if (record.type === "terminal") state.terminal = record;
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
      return { ...sale, reversalOwed: record };
    case "reversalDone":
      return { ...sale, reversalDone: record };
    case "reversalRefused": {
      const { reversalOwed: _, ...rest } = sale;
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
      // Of a refund without an end nothing was told yet.
      return owesRefund(refund) ? refund : { ...refund, acknowledgedAtMs: record.atMs };
    default:
      return refund;
  }
}

/** Whether the sale must still be reversed: it was owed, or the run ended before any answer was kept. */
export function owesReversal(sale: JournalAttempt): boolean {
  if (sale.reversalDone !== undefined) return false;
  if (sale.reversalOwed !== undefined) return true;
  return sale.answer === undefined && sale.reversalRefusedAtMs === undefined;
}

/** Whether a capture was begun and its end was never told: it is sent, or where the sale is reversed, asked about. */
export function owesCapture({ captureOwed, captured }: JournalAttempt): boolean {
  return captureOwed !== undefined && captured === undefined;
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
    sale.reversalOwed === undefined &&
    sale.reversalDone === undefined
  );
}

/** Whether the sale still only holds what it asked for, as far as the journal knows. */
export function isHeld(sale: JournalAttempt): boolean {
  return sale.answer?.holdExpiresAtMs !== undefined && sale.captured === undefined;
}

/**
 * Drops what is finished and old, or too much. What is in doubt or not noted always stays. How old is told by the youngest
 * decision that the journal holds: a clock that is far ahead makes nothing old.
 */
export function dropFinished(options: { state: JournalState; nowMs: number }): void {
  const { state } = options;
  const nowMs = Math.min(options.nowMs, youngestMs(state));
  dropOld(state.sales, {
    nowMs,
    isFinished: (sale) => isFinishedSale(sale, nowMs),
    lastMs: (sale) => lastMsOf(saleRecords(sale)),
  });
  dropOld(state.refunds, {
    nowMs,
    isFinished: (refund) => !owesRefund(refund),
    lastMs: (refund) => lastMsOf(refundRecords(refund)),
  });
}

/** By the gateway's clock, where it has decided anything; otherwise by the terminal's at that time. */
function youngestMs(state: JournalState): number {
  let [decidedMs, notedMs] = [0, 0];
  for (const record of recordsOf(state)) {
    notedMs = Math.max(notedMs, record.atMs);
    if ("decidedAtMs" in record) decidedMs = Math.max(decidedMs, record.decidedAtMs ?? 0);
  }
  return decidedMs === 0 ? notedMs : decidedMs;
}

/** The latest instant that either clock gives: where the terminal's was slow, the gateway's says how young it is. */
function lastMsOf(records: readonly JournalRecord[]): number {
  return Math.max(
    ...records.map((record) =>
      "decidedAtMs" in record ? Math.max(record.atMs, record.decidedAtMs ?? 0) : record.atMs,
    ),
  );
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
export function recordsOf({ terminal, sales, refunds }: JournalState): JournalRecord[] {
  return [
    ...present(terminal ?? undefined),
    ...[...sales.values()].flatMap(saleRecords),
    ...[...refunds.values()].flatMap(refundRecords),
  ];
}

function saleRecords(sale: JournalAttempt): JournalRecord[] {
  const { id } = sale.attempt;
  const { acknowledgedAtMs, holdExpiredAtMs, reversalRefusedAtMs, reversalOwed } = sale;
  return [
    sale.attempt,
    ...present(sale.answer),
    ...present(sale.captureOwed),
    ...present(sale.captured),
    ...mark("acknowledged", id, acknowledgedAtMs),
    ...mark("holdExpired", id, holdExpiredAtMs),
    // Before what is owed: a debt that came after the refusal stays one.
    ...mark("reversalRefused", id, reversalRefusedAtMs),
    ...present(reversalOwed),
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

type Mark = "acknowledged" | "holdExpired" | "reversalRefused" | "refundRefused";

function mark(type: Mark, id: string, atMs: number | undefined): JournalRecord[] {
  return atMs === undefined ? [] : [{ type, id, atMs }];
}
