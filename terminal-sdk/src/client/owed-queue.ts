// Sends what is owed to the gateway again and again, by its id, until the gateway has answered for good.

import type { Decision } from "@pass-tpe/protocol";
import { pause, type TerminalClock } from "../clock.js";
import type { Exchange } from "./exchange.js";
import type { Journal } from "./journal.js";

/** The wait between two rounds doubles from the first to the second of these. */
const ROUND_WAIT_MIN_MS = 500;
const ROUND_WAIT_MAX_MS = 60_000;

/** At least so long between the end of a round and the next, whoever asks for it. */
export const ROUND_GAP_MIN_MS = 100;

/** With so many of one kind owed the terminal begins nothing new until the gateway can be reached. */
export const OWED_MAX = 100;

/** What the gateway said: a decision, or why it made none. */
export type Said<A> = Extract<Exchange<A>, { kind: "answer" | "problem" }>;

/** What became of it in this run. */
export type OwedEnd<A> =
  | { readonly kind: "done"; readonly answer: A }
  /** The gateway will never do it. Nothing more is sent; a person must settle it. */
  | { readonly kind: "refused"; readonly said: Said<A> }
  /** Nothing is owed any more; the journal knows why. */
  | { readonly kind: "over" }
  /** The terminal was closed first. The journal keeps the debt; the next run goes on. */
  | { readonly kind: "pending" };

/** What one try came to. `rests`: something else must end first. `over`: nothing is owed any more. */
export type Sent<A> = Exchange<A> | { readonly kind: "rests" } | { readonly kind: "over" };

/** One kind of debt: how it is sent, and who is told. */
export interface OwedWork<A> {
  /** Sends it once more, under the same id. */
  send(id: string): Promise<Sent<A>>;
  /** Whether this was the gateway's last word. */
  isLastWord(said: Said<A>, id: string): boolean;
  onOwed(owed: { id: string; reason: string }): void;
  /** Not its last word: it is tried again later. */
  onRefusedForNow(refused: { id: string; code: string }): void;
  /**
   * Tells the end and makes it durable: what was done durably before anybody hears of it; what was refused is told while
   * its record is being written, because a crash in between then leads to its being told twice, and never to silence.
   */
  onEnd(id: string, end: Extract<OwedEnd<A>, { kind: "done" | "refused" }>): Promise<void>;
}

interface Owed<A> {
  readonly end: Promise<OwedEnd<A>>;
  resolve(end: OwedEnd<A>): void;
}

/** A queue of debts of one kind. One is sent at a time; new ones are tried at once. */
export class OwedQueue<A extends Decision> {
  readonly #work: OwedWork<A>;
  readonly #journal: Pick<Journal, "whyNotHeld">;
  readonly #clock: TerminalClock;
  readonly #waiting = new Map<string, Owed<A>>();
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #waitMs = ROUND_WAIT_MIN_MS;
  #goesOn = false;
  #running: Promise<void> | null = null;

  /** @param options.journal holds the debts: what another till has taken over is that till's to send. */
  constructor(options: {
    work: OwedWork<A>;
    journal: Pick<Journal, "whyNotHeld">;
    clock: TerminalClock;
  }) {
    this.#work = options.work;
    this.#journal = options.journal;
    this.#clock = options.clock;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** Whether it is still being sent in this run. */
  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  /**
   * Takes over a debt that the journal already holds. What is owed already has one end for all who ask.
   *
   * @returns a promise that always resolves: done, refused for good, or pending when the terminal closes.
   */
  owe(options: { id: string; reason: string }): Promise<OwedEnd<A>> {
    const { id } = options;
    const known = this.#waiting.get(id);
    if (known !== undefined) {
      this.retryNow();
      return known.end;
    }
    this.#work.onOwed(options);
    if (this.#stop.signal.aborted) return Promise.resolve({ kind: "pending" });
    let resolve: Owed<A>["resolve"] = () => undefined;
    const end = new Promise<OwedEnd<A>>((settle) => {
      resolve = settle;
    });
    this.#waiting.set(id, { end, resolve });
    this.#waitMs = ROUND_WAIT_MIN_MS;
    this.retryNow();
    return end;
  }

  /** Resolves once what is owed now has ended. */
  async settled(): Promise<void> {
    this.retryNow();
    await Promise.all([...this.#waiting.values()].map(({ end }) => end));
  }

  /** Cuts the present wait short: something new is owed, or the gateway has been seen to answer. */
  retryNow(): void {
    this.#wake.abort();
    if (this.#waiting.size > 0 && !this.#stop.signal.aborted) this.#running ??= this.#run();
  }

  /** What one of them rested for has ended: also where a round is under way, the next one comes soon. */
  goOn(): void {
    this.#goesOn = true;
    this.retryNow();
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
      this.#goesOn = false;
      const progress = await this.#round();
      if (this.#waiting.size === 0) break;
      this.#waitMs =
        progress || this.#goesOn
          ? ROUND_WAIT_MIN_MS
          : Math.min(this.#waitMs * 2, ROUND_WAIT_MAX_MS);
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
      if (exchange.kind === "rests") continue;
      if (exchange.kind === "over") {
        this.#end(id, exchange);
        progress = true;
        continue;
      }
      if (exchange.kind === "notSent" || exchange.kind === "noAnswer") {
        this.#putLast(id);
        break;
      }
      if (this.#work.isLastWord(exchange, id)) {
        await this.#settle(id, exchange);
        progress = true;
        continue;
      }
      // It is tried again later: someone may have to act at the gateway first, and the debt stays.
      const { code } = exchange.kind === "answer" ? exchange.body : exchange.problem;
      this.#work.onRefusedForNow({ id, code });
    }
    return progress;
  }

  async #send(id: string): Promise<Sent<A>> {
    const unheld = await this.#journal.whyNotHeld();
    return unheld === null ? this.#work.send(id) : { kind: "notSent", reason: unheld.message };
  }

  /** The next round begins with another, in case this one alone gets no answer. */
  #putLast(id: string): void {
    const owed = this.#waiting.get(id);
    if (owed === undefined) return;
    this.#waiting.delete(id);
    this.#waiting.set(id, owed);
  }

  async #settle(id: string, said: Said<A>): Promise<void> {
    const isDone = said.kind === "answer" && said.body.outcome === "approved";
    const end = isDone
      ? ({ kind: "done", answer: said.body } as const)
      : ({ kind: "refused", said } as const);
    await this.#work.onEnd(id, end);
    this.#end(id, end);
  }

  #end(id: string, end: OwedEnd<A>): void {
    this.#waiting.get(id)?.resolve(end);
    this.#waiting.delete(id);
  }
}
