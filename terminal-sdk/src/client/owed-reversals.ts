// Reverses what must not stand, again and again, until the gateway acknowledges it or refuses for good.

import type { RetryClass, ReversalAnswer } from "@pass-tpe/protocol";
import { pause, type TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { appendOrReport } from "./append-or-report.js";
import type { Exchange } from "./exchange.js";
import type { Journal } from "./journal.js";
import { verdictOf } from "./verdict.js";

/** The wait between two rounds doubles from the first to the second of these. */
const ROUND_WAIT_MIN_MS = 500;
const ROUND_WAIT_MAX_MS = 60_000;

/** At least so long between the end of a round and the next, whoever asks for it. */
export const ROUND_GAP_MIN_MS = 100;

/** With so many sales in doubt the terminal makes no new ones until the gateway can be reached. */
export const OWED_REVERSALS_MAX = 100;

/** What became of an owed reversal in this run. */
export type ReversalEnd =
  | { readonly kind: "reversed"; readonly answer: ReversalAnswer }
  /** The gateway decided that it cannot be reversed any more. Nothing more is sent; a person must settle it. */
  | { readonly kind: "refused"; readonly answer: ReversalAnswer }
  /** The terminal was closed first. The journal keeps the debt; the next run goes on. */
  | { readonly kind: "pending" };

interface Owed {
  readonly end: Promise<ReversalEnd>;
  resolve(end: ReversalEnd): void;
}

/** The queue of owed reversals. One is sent at a time; new ones are tried at once. */
export class OwedReversals {
  readonly #send: (id: string) => Promise<Exchange<ReversalAnswer>>;
  readonly #journal: Journal;
  readonly #clock: TerminalClock;
  readonly #hub: EventHub;
  readonly #waiting = new Map<string, Owed>();
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #waitMs = ROUND_WAIT_MIN_MS;
  #running: Promise<void> | null = null;

  constructor(options: {
    /** Sends one automatic reversal. */
    send: (id: string) => Promise<Exchange<ReversalAnswer>>;
    journal: Journal;
    clock: TerminalClock;
    hub: EventHub;
  }) {
    this.#send = options.send;
    this.#journal = options.journal;
    this.#clock = options.clock;
    this.#hub = options.hub;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /**
   * Takes over a sale whose debt the journal already holds: its attempt without an answer, or `reversalOwed`.
   * A sale that is owed already has one end for all who ask.
   *
   * @returns a promise that always resolves: reversed, refused for good, or pending when the terminal closes.
   */
  owe(options: { id: string; reason: string }): Promise<ReversalEnd> {
    const { id, reason } = options;
    const known = this.#waiting.get(id);
    if (known !== undefined) {
      this.retryNow();
      return known.end;
    }
    this.#hub.emit("reversalOwed", { id, reason });
    if (this.#stop.signal.aborted) return Promise.resolve({ kind: "pending" });
    let resolve: Owed["resolve"] = () => undefined;
    const end = new Promise<ReversalEnd>((settle) => {
      resolve = settle;
    });
    this.#waiting.set(id, { end, resolve });
    this.#waitMs = ROUND_WAIT_MIN_MS;
    this.retryNow();
    return end;
  }

  /** Cuts the present wait short: something new is owed, or the gateway has been seen to answer. */
  retryNow(): void {
    this.#wake.abort();
    if (this.#waiting.size > 0 && !this.#stop.signal.aborted) this.#running ??= this.#run();
  }

  /** Ends after the try that is under way. What is still owed stays in the journal. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
    for (const { resolve } of this.#waiting.values()) resolve({ kind: "pending" });
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    const stopped = this.#stop.signal;
    // Ends: each round but the last is followed by a wait of ROUND_GAP_MIN_MS or more.
    while (this.#waiting.size > 0 && !stopped.aborted) {
      const progress = await this.#round();
      if (this.#waiting.size === 0) break;
      this.#waitMs = progress ? ROUND_WAIT_MIN_MS : Math.min(this.#waitMs * 2, ROUND_WAIT_MAX_MS);
      await this.#rest(stopped);
    }
    this.#running = null;
  }

  /** Made anew after the round, the wake does not hear that the round's own exchanges were answered. */
  async #rest(stopped: AbortSignal): Promise<void> {
    const clock = this.#clock;
    const fromMs = clock.monotonicMs();
    this.#wake = new AbortController();
    const signal = AbortSignal.any([stopped, this.#wake.signal]);
    await pause({ clock, delayMs: this.#waitMs, signal });
    const gapMs = fromMs + ROUND_GAP_MIN_MS - clock.monotonicMs();
    if (gapMs > 0) await pause({ clock, delayMs: gapMs, signal: stopped });
  }

  /** Tries each once, and stops at the first that gets no answer: the others would hardly fare better. */
  async #round(): Promise<boolean> {
    let progress = false;
    // The map is walked as it grows: what becomes owed meanwhile is tried in the same round.
    for (const id of this.#waiting.keys()) {
      if (this.#stop.signal.aborted) break;
      const exchange = await this.#send(id);
      if (exchange.kind === "notSent" || exchange.kind === "noAnswer") {
        this.#putLast(id);
        break;
      }
      if (exchange.kind === "answer" && verdictOf(exchange.body) === "decided") {
        const { outcome, retry } = exchange.body;
        if (outcome === "approved" || !mayChange(retry)) {
          await this.#settle(id, exchange.body);
          progress = true;
          continue;
        }
      }
      // It is tried again later: someone may have to act at the gateway first, and the debt stays.
      const { code } = exchange.kind === "answer" ? exchange.body : exchange.problem;
      this.#hub.emit("reversalRefused", { id, code, final: false });
    }
    return progress;
  }

  /** The next round begins with another, in case this one alone gets no answer. */
  #putLast(id: string): void {
    const owed = this.#waiting.get(id);
    if (owed === undefined) return;
    this.#waiting.delete(id);
    this.#waiting.set(id, owed);
  }

  async #settle(id: string, answer: ReversalAnswer): Promise<void> {
    const reversed = answer.outcome === "approved";
    const type = reversed ? "reversalDone" : "reversalRefused";
    const record = { type, id, atMs: this.#clock.nowMs() } as const;
    await appendOrReport({ journal: this.#journal, hub: this.#hub, record });
    const { code } = answer;
    if (reversed) this.#hub.emit("reversalDone", { id, code });
    else this.#hub.emit("reversalRefused", { id, code, final: true });
    this.#waiting.get(id)?.resolve({ kind: reversed ? "reversed" : "refused", answer });
    this.#waiting.delete(id);
  }
}

/** Whether the same reversal could be accepted at another time. */
function mayChange(retry: string): boolean {
  return retry !== ("NO" satisfies RetryClass);
}
