// Sends one id until the retry decision says stop, inside one deadline.

import { DEADLINE_MS_MAX, DEADLINE_MS_MIN, type Decision } from "@pass-tpe/protocol";
import { pause, type TerminalClock } from "../clock.js";
import type { Deadlines } from "../deadlines.js";
import type { Exchange } from "./exchange.js";
import { decideRetry, leavesDoubt, type RetryDecision, TRY_NEEDS_MS } from "./retry.js";

/** One try: how long to wait for it, and what the gateway is told. */
export interface TryLimits {
  readonly timeoutMs: number;
  readonly deadlineMs: number;
}

/** Told of each try, for events. */
export interface TryObserver {
  sending(tryNumber: number): void;
  answered(kind: Exchange<Decision>["kind"], decision: RetryDecision): void;
}

export type Settled<T> =
  | Exclude<Exchange<T>, { kind: "noAnswer" }>
  /** Cancelled before anything that may have been decided had left. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Repeats one id by {@link decideRetry}.
 *
 * @param options.send makes one try; it must send the same id and body, but for `deadlineMs`.
 * @param options.signal ends the repeats as long as nothing is in doubt; what has left is waited for.
 */
export async function repeatSameId<T extends Decision>(options: {
  send: (limits: TryLimits) => Promise<Exchange<T>>;
  clock: TerminalClock;
  deadlines: Deadlines;
  startedAtMs: number;
  signal: AbortSignal;
  observer: TryObserver;
}): Promise<Settled<T>> {
  const { send, clock, deadlines, startedAtMs, signal, observer } = options;
  const elapsedMs = () => clock.monotonicMs() - startedAtMs;
  let inDoubt = false;
  // Ends: `decideRetry` repeats at most TRIES_MAX times.
  for (let attemptsMade = 1; ; attemptsMade += 1) {
    if (signal.aborted && !inDoubt) return { kind: "cancelled" };
    const leftMs = deadlines.saleMs - elapsedMs();
    if (leftMs < TRY_NEEDS_MS) return tooLate({ inDoubt, leftMs });
    observer.sending(attemptsMade);
    const result = await send(limitsFor({ leftMs, deadlines }));
    inDoubt ||= leavesDoubt(result);
    const decision = decideRetry({
      result,
      inDoubt,
      attemptsMade,
      elapsedMs: elapsedMs(),
      deadlineMs: deadlines.saleMs,
    });
    observer.answered(result.kind, decision);
    if (decision.action === "repeat") {
      await pause({ clock, delayMs: decision.afterMs, signal: inDoubt ? NEVER : signal });
      continue;
    }
    if (decision.action === "unknown" || result.kind === "noAnswer") {
      return { kind: "unknown", reason: `${decision.reason} (${whyOf(result)})` };
    }
    return result;
  }
}

/** Time can run out before a try: a slow disk has used it up, or the machine slept. */
function tooLate(options: { inDoubt: boolean; leftMs: number }): Settled<never> {
  const { inDoubt, leftMs } = options;
  const reason = `only ${Math.round(leftMs)} ms were left for a try; check the disk and the machine's load`;
  return { kind: inDoubt ? "unknown" : "notSent", reason };
}

/** What is in doubt is not hurried by a cancellation. */
const NEVER = new AbortController().signal;

function limitsFor(options: { leftMs: number; deadlines: Deadlines }): TryLimits {
  const { leftMs, deadlines } = options;
  const forGateway = Math.round(leftMs - deadlines.marginMs);
  return {
    timeoutMs: Math.round(Math.min(leftMs, deadlines.tryMs)),
    deadlineMs: Math.min(Math.max(forGateway, DEADLINE_MS_MIN), DEADLINE_MS_MAX),
  };
}

function whyOf(result: Exchange<Decision>): string {
  switch (result.kind) {
    case "noAnswer":
    case "notSent":
      return result.reason;
    case "problem":
      return result.problem.code;
    case "answer":
      return result.body.code;
  }
}
