// Reverses what must not stand, again and again, until the gateway acknowledges it.

import type { ReversalAnswer } from "@pass-tpe/protocol";
import { pause, type TerminalClock } from "../clock.js";
import type { EventHub } from "../events.js";
import { appendOrReport } from "./append-or-report.js";
import type { Exchange } from "./exchange.js";
import type { Journal } from "./journal.js";

/** The wait between two rounds doubles from the first to the second of these. */
const ROUND_WAIT_MIN_MS = 500;
const ROUND_WAIT_MAX_MS = 60_000;

/** With so many sales in doubt the terminal makes no new ones until the gateway can be reached. */
export const OWED_REVERSALS_MAX = 100;

/** What became of an owed reversal in this run. */
export type ReversalEnd =
  | { readonly kind: "reversed"; readonly answer: ReversalAnswer }
  /** The terminal was closed first. The journal keeps the debt; the next run goes on. */
  | { readonly kind: "pending" };

/** The queue of owed reversals. One is sent at a time; new ones are tried at once. */
export class OwedReversals {
  readonly #send: (id: string) => Promise<Exchange<ReversalAnswer>>;
  readonly #journal: Journal;
  readonly #clock: TerminalClock;
  readonly #hub: EventHub;
  readonly #waiting = new Map<string, (end: ReversalEnd) => void>();
  readonly #stop = new AbortController();
  #wake = new AbortController();
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
   *
   * @returns a promise that always resolves: reversed, or pending when the terminal closes.
   */
  owe(options: { id: string; reason: string }): Promise<ReversalEnd> {
    const { id, reason } = options;
    this.#hub.emit("reversalOwed", { id, reason });
    const end = new Promise<ReversalEnd>((resolve) => {
      if (this.#stop.signal.aborted) return resolve({ kind: "pending" });
      this.#waiting.set(id, resolve);
    });
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
    for (const resolve of this.#waiting.values()) resolve({ kind: "pending" });
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    let waitMs = ROUND_WAIT_MIN_MS;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      const progress = await this.#round();
      if (this.#waiting.size === 0) break;
      waitMs = progress ? ROUND_WAIT_MIN_MS : Math.min(waitMs * 2, ROUND_WAIT_MAX_MS);
      await pause({ clock: this.#clock, delayMs: waitMs, signal: this.#wake.signal });
    }
    this.#running = null;
  }

  /** Tries each once, and stops at the first that gets no answer: the others would hardly fare better. */
  async #round(): Promise<boolean> {
    let progress = false;
    for (const id of [...this.#waiting.keys()]) {
      if (this.#stop.signal.aborted) break;
      const exchange = await this.#send(id);
      if (exchange.kind === "notSent" || exchange.kind === "noAnswer") {
        this.#putLast(id);
        break;
      }
      if (exchange.kind === "answer" && exchange.body.outcome === "approved") {
        await this.#settle(id, exchange.body);
        progress = true;
      } else {
        // It is tried again later: someone may have to act at the gateway first, and the debt stays.
        const { code } = exchange.kind === "answer" ? exchange.body : exchange.problem;
        this.#hub.emit("reversalRefused", { id, code });
      }
    }
    return progress;
  }

  /** The next round begins with another, in case this one alone gets no answer. */
  #putLast(id: string): void {
    const resolve = this.#waiting.get(id);
    if (resolve === undefined) return;
    this.#waiting.delete(id);
    this.#waiting.set(id, resolve);
  }

  async #settle(id: string, answer: ReversalAnswer): Promise<void> {
    const record = { type: "reversalDone", id, atMs: this.#clock.nowMs() } as const;
    await appendOrReport({ journal: this.#journal, hub: this.#hub, record });
    this.#hub.emit("reversalDone", { id, code: answer.code });
    this.#waiting.get(id)?.({ kind: "reversed", answer });
    this.#waiting.delete(id);
  }
}
