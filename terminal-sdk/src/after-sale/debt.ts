// What is asked for after a sale as a debt of the journal's: it is begun before it is sent, and ends only durably.

import type { Decision } from "@pass-tpe/protocol";
import { appendOrReport } from "../client/append-or-report.js";
import type { Journal } from "../client/journal.js";
import type { JournalRecord } from "../client/journal-records.js";
import { endsDebt } from "../client/owed-after-sale.js";
import type { Settled } from "../client/repeat.js";
import { PassTpeError, textOf } from "../errors.js";
import type { EventHub } from "../events.js";

/** Of this call; of an earlier one, whose request may have been decided unseen; or nothing is owed by asking. */
export type Debt = "added" | "earlier" | "none";

/**
 * Makes a debt durable.
 *
 * @throws PassTpeError `JOURNAL_FAILED` or, where another till has the journal, `JOURNAL_IN_USE`, with the debt's id and `moneyMoved: "unknown"`: nothing was sent, but a disk that
 * failed may still hold the record, and then the next run sends it.
 */
export async function appendDebt(journal: Journal, record: JournalRecord): Promise<void> {
  try {
    await journal.append(record);
  } catch (cause) {
    if (!(cause instanceof PassTpeError) || cause.code === "CLOSED") throw cause;
    throw new PassTpeError({
      code: cause.code,
      detail: `${textOf(cause)}; nothing was sent now, but the next run may send it: look at its events before it is asked for again (${record.id})`,
      cause,
      inDoubt: record.id,
    });
  }
}

/**
 * Ends a debt that came to no approval, or says why it must stay, so that nobody is told that it was declined.
 *
 * @param options.record ends it, where it was added by this call; an earlier one is ended by the queue that sends it.
 */
export async function whyStillOwed<T extends Decision>(options: {
  debt: Debt;
  settled: Exclude<Settled<T>, { kind: "unknown" }>;
  journal: Journal;
  hub: EventHub;
  record: JournalRecord;
}): Promise<string | null> {
  const { debt, settled, journal, hub, record } = options;
  if (debt === "none") return null;
  if (debt === "earlier") {
    const isOver = (settled.kind === "answer" || settled.kind === "problem") && endsDebt(settled);
    return isOver ? null : "an earlier try may have been decided, and it is still being sent";
  }
  const isKept = await appendOrReport({ journal, hub, record });
  return isKept ? null : "it was not done, but the journal cannot keep that: the next run sends it";
}
