// Sends one id until the retry decision says stop, inside one deadline.

import { DEADLINE_MS_MAX, DEADLINE_MS_MIN, type Decision } from "@pass-tpe/protocol";
import { pause, type TerminalClock } from "../clock.js";
import type { Deadlines } from "../deadlines.js";
import type { PassTpeError } from "../errors.js";
import type { Exchange } from "./exchange.js";
import { lookFirst } from "./look-first.js";
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
  /** Cancelled, or taken over by another till, before anything that may have been decided had left. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "unknown"; readonly reason: string };

const TAKEN_OVER = "another till has the journal, and reverses what is in doubt or sends it on";

/**
 * Repeats one id by {@link decideRetry}.
 *
 * @param options.whyNotHeld asked before each try, inside the deadline: why this terminal may not send now, or null.
 * @param options.send makes one try; it must send the same id and body, but for `deadlineMs`.
 * @param options.signal ends the repeats as long as nothing is in doubt; what has left is waited for.
 */
export async function repeatSameId<T extends Decision>(options: {
  whyNotHeld?: () => Promise<PassTpeError | null>;
  send: (limits: TryLimits) => Promise<Exchange<T>>;
  clock: TerminalClock;
  deadlines: Deadlines;
  startedAtMs: number;
  signal: AbortSignal;
  observer: TryObserver;
}): Promise<Settled<T>> {
  const { send, whyNotHeld, clock, deadlines, startedAtMs, signal, observer } = options;
  const elapsedMs = () => clock.monotonicMs() - startedAtMs;
  let inDoubt = false;
  let last: Exchange<T> | null = null;
  // Ends: `decideRetry` repeats at most TRIES_MAX times.
  for (let attemptsMade = 1; ; attemptsMade += 1) {
    const look = await lookFirst({
      whyNotHeld,
      clock,
      delayMs: deadlines.saleMs - elapsedMs(),
      signal: inDoubt ? never() : signal,
    });
    if (look === "cancelled")
      return inDoubt ? { kind: "unknown", reason: TAKEN_OVER } : { kind: look };
    const leftMs = deadlines.saleMs - elapsedMs();
    if (look === "overdue" || leftMs < TRY_NEEDS_MS) return tooLate({ inDoubt, leftMs, last });
    if (look === "held") observer.sending(attemptsMade);
    const result: Exchange<T> =
      look === "held"
        ? await send(limitsFor({ leftMs, deadlines }))
        : { kind: "notSent", reason: look.message };
    inDoubt ||= leavesDoubt(result);
    last = result;
    const decision = decideRetry({
      result,
      inDoubt,
      attemptsMade,
      elapsedMs: elapsedMs(),
      deadlineMs: deadlines.saleMs,
    });
    observer.answered(result.kind, decision);
    if (decision.action === "repeat") {
      await pause({ clock, delayMs: decision.afterMs, signal: inDoubt ? never() : signal });
      continue;
    }
    if (decision.action === "unknown" || result.kind === "noAnswer") {
      return { kind: "unknown", reason: `${decision.reason} (${whyOf(result)})` };
    }
    return result;
  }
}

/**
 * Time can run out before a try: a slow disk has used it up, the machine slept, or a wait took longer than it should.
 * What the gateway last said, if it decided nothing each time, stays the reason.
 */
function tooLate(options: {
  inDoubt: boolean;
  leftMs: number;
  last: Exchange<Decision> | null;
}): Settled<never> {
  const { inDoubt, leftMs, last } = options;
  if (!inDoubt && last?.kind === "problem") return last;
  const reason = `only ${Math.round(leftMs)} ms were left for a try; check the disk and the machine's load`;
  return { kind: inDoubt ? "unknown" : "notSent", reason };
}

/** What is in doubt is not hurried by a cancellation. One of its own for each wait: they would pile up on a shared one. */
const never = () => new AbortController().signal;

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
