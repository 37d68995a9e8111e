// Appends a record whose loss would cost one needless reversal and nothing else.

import { PassTpeError, textOf } from "../errors.js";
import type { EventHub } from "../events.js";
import type { Journal } from "./journal.js";
import type { JournalRecord } from "./journal-records.js";

/**
 * Never rejects. What the journal holds without the record leads, at the next start, to a reversal: of nothing, of
 * what is reversed already, or of what is owed one. A failure is an event, for the integrator.
 *
 * @returns whether the journal has kept it.
 */
export async function appendOrReport(options: {
  journal: Journal;
  hub: EventHub;
  record: JournalRecord;
}): Promise<boolean> {
  const { journal, hub, record } = options;
  try {
    await journal.append(record);
    return true;
  } catch (thrown) {
    // What another till has taken over has not failed: `takenOver` tells.
    const isLost = thrown instanceof PassTpeError && thrown.code === "JOURNAL_IN_USE";
    if (!isLost) hub.emit("journalFailed", { detail: textOf(thrown) });
    return false;
  }
}
