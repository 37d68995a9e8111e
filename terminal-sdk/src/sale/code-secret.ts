// Asks the PIN pad for the holder's code secret, for one sale: the same way after a scan and after a tap.

import type { Lines, PinBlock } from "@pass-tpe/protocol";
import type { TerminalContext } from "../context.js";
import type { PinResult } from "../pin/pad.js";

interface PinQuestion {
  readonly context: TerminalContext;
  /** What the holder reads. */
  readonly prompt: Lines;
  /** What the block is bound to: a card number, or the `stepUpNumber` of a tap. */
  readonly cardNumber: string;
  /** The holder's time; over it, the code secret counts as cancelled. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type PinAnswer =
  | { readonly ok: true; readonly pinBlock: PinBlock }
  | { readonly ok: false; readonly reason: "saleCancelled" | "cancelled" }
  | { readonly ok: false; readonly reason: "failed"; readonly detail: string };

/** What came of it, and the time that it took. */
export async function askCodeSecret(
  question: PinQuestion,
): Promise<{ readonly asked: PinAnswer; readonly pinMs: number }> {
  const { clock } = question.context;
  const startedAtMs = clock.monotonicMs();
  // A cashier who has cancelled already must not see the pad light up.
  const result = question.signal.aborted ? null : await askPad(question);
  const pinMs = clock.monotonicMs() - startedAtMs;
  // The cashier's cancellation comes before whatever the pad made of it.
  if (result === null || question.signal.aborted) {
    return { asked: { ok: false, reason: "saleCancelled" }, pinMs };
  }
  return { asked: result, pinMs };
}

/** Ends at the latest with the holder's time or the sale's cancellation, even if a pad overlooks its signal. */
async function askPad(question: PinQuestion): Promise<PinResult> {
  const { context, prompt, cardNumber, timeoutMs, signal } = question;
  const { pinPad, hub, clock } = context;
  if (pinPad === null) return { ok: false, reason: "failed", detail: "no pinPad was given" };
  hub.emit("status", { status: "waitingForPin" });
  hub.emit("pinRequested", { pinPad: pinPad.name, display: prompt });
  // Whoever heard of it may have cancelled. An abort that is past tells nobody: neither the pad nor the race below.
  if (signal.aborted) return { ok: false, reason: "cancelled" };
  const timer = new AbortController();
  const callOff = clock.after(timeoutMs, () => timer.abort());
  const over = AbortSignal.any([signal, timer.signal]);
  const aborted = new Promise<PinResult>((resolve) => {
    over.addEventListener("abort", () => resolve({ ok: false, reason: "cancelled" }), {
      once: true,
    });
  });
  try {
    const asked = pinPad.requestPin({ cardNumber, prompt, signal: over });
    return await Promise.race([asked, aborted]);
  } catch {
    // What was thrown is not looked at: a pad's own message could hold what was typed.
    return { ok: false, reason: "failed", detail: `${pinPad.name} failed: see its own log` };
  } finally {
    callOff();
  }
}
