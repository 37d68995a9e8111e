// The look at the lease before each try: it takes of the sale's time and no more, and a cancellation ends it.

import { pause, type TerminalClock } from "../clock.js";
import type { PassTpeError } from "../errors.js";

/** What a look at the lease comes to in the time there is. Cancelled: by the signal, or because another till has it. */
export async function lookFirst(options: {
  whyNotHeld: (() => Promise<PassTpeError | null>) | undefined;
  clock: TerminalClock;
  delayMs: number;
  signal: AbortSignal;
}): Promise<"held" | "cancelled" | "overdue" | PassTpeError> {
  const { whyNotHeld, clock, delayMs, signal } = options;
  if (signal.aborted) return "cancelled";
  if (whyNotHeld === undefined) return "held";
  const looked = new AbortController();
  const ends = AbortSignal.any([signal, looked.signal]);
  const overdue = pause({ clock, delayMs, signal: ends }).then(() => "overdue" as const);
  const unheld = await Promise.race([whyNotHeld(), overdue]);
  looked.abort();
  if (signal.aborted) return "cancelled";
  if (unheld === null || unheld === "overdue") return unheld ?? "held";
  return unheld.code === "JOURNAL_IN_USE" ? "cancelled" : unheld;
}
