// What the gateway's record of a sale tells the journal: that it was captured, and that it was reversed.

import type { StatusAnswer } from "@pass-tpe/protocol";
import { capturedRecord } from "./after-sale-records.js";
import type { JournalRecord } from "./journal-records.js";
import type { JournalAttempt } from "./journal-state.js";
import { reversalDoneRecord } from "./owed-reversals.js";

/** The records that the journal lacks, in the order of what they tell. */
export function recordsOfStatus(options: {
  status: StatusAnswer;
  /** What the journal knows of it. */
  sale: JournalAttempt | undefined;
  /** The terminal's clock, Unix milliseconds. */
  atMs: number;
}): JournalRecord[] {
  const { status, sale, atMs } = options;
  const { id, state, capture, reversal } = status;
  const records: JournalRecord[] = [];
  if (capture?.outcome === "approved" && sale?.captured === undefined) {
    records.push(capturedRecord({ id, atMs, answer: capture, sale }));
  }
  const isReversed = state === "reversed" || reversal !== undefined;
  if (isReversed && sale?.reversalDone === undefined) {
    const given = { decidedAtMs: reversal?.decidedAtMs ?? atMs, returned: reversal?.returned };
    records.push(reversalDoneRecord({ id, atMs, answer: given }));
  }
  return records;
}
