// What is going on at a terminal: one sale or inquiry at a time, and all the work that a close waits for.

import { PassTpeError } from "../errors.js";
import type { EventHub } from "../events.js";
import type { InquiryResult, SaleResult } from "../sale/results.js";

type Result = SaleResult | InquiryResult;

interface Current {
  readonly abort: AbortController;
  readonly result: Promise<Result>;
}

interface Operation<R extends Result> {
  readonly kind: "sale" | "inquiry";
  /** The till's own, which cancels as well. */
  readonly signal: AbortSignal | undefined;
  readonly run: (signal: AbortSignal) => Promise<R>;
}

/** Knows what is going on, and lets nothing begin that may not. */
export class UnderWay {
  readonly #hub: EventHub;
  readonly #work = new Set<Promise<void>>();
  #current: Current | null = null;
  #isReserved = false;
  #isClosing = false;

  constructor(options: { hub: EventHub }) {
    this.#hub = options.hub;
  }

  /** From the first word of `close` on. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** @throws PassTpeError `CLOSED`. */
  refuseWhenClosed(): void {
    if (!this.#isClosing) return;
    throw new PassTpeError({ code: "CLOSED", detail: "the terminal is closed; open a new one" });
  }

  /** @throws PassTpeError `BUSY`. */
  refuseWhenBusy(): void {
    if (this.#current === null && !this.#isReserved) return;
    const detail = this.#isReserved
      ? "the terminal takes up its renewed credentials; try again in a moment"
      : "one operation at a time; await the last one, or cancel it";
    throw new PassTpeError({ code: "BUSY", detail });
  }

  /**
   * Runs what must not meet a sale or an inquiry: none is going on, and none begins meanwhile.
   *
   * @throws PassTpeError `CLOSED` or `BUSY`.
   */
  async exclusively<T>(run: () => Promise<T>): Promise<T> {
    this.refuseWhenClosed();
    this.refuseWhenBusy();
    this.#isReserved = true;
    try {
      return await run();
    } finally {
      this.#isReserved = false;
    }
  }

  /**
   * Runs a sale or an inquiry, alone, and tells what came of it.
   *
   * @throws PassTpeError `CLOSED` or `BUSY`.
   */
  operate<R extends Result>(operation: Operation<R>): Promise<R> {
    return this.track(this.#operate(operation));
  }

  /** Cancels the sale or inquiry that is going on. Returns its outcome to come, or null when there is none. */
  cancel(): Promise<Result> | null {
    const current = this.#current;
    current?.abort.abort();
    return current === null ? null : current.result;
  }

  /** Has `end` wait for work. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = () => {
      this.#work.delete(over);
    };
    const over = work.then(forget, forget);
    this.#work.add(over);
    return work;
  }

  /** Lets nothing new begin, cancels what is going on, and waits until all is over. */
  async end(): Promise<void> {
    this.#isClosing = true;
    this.cancel();
    // Ends: nothing new is begun any more, and each has its time limit. An approval adds its acknowledgement.
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #operate<R extends Result>({ kind, signal: given, run }: Operation<R>): Promise<R> {
    this.refuseWhenClosed();
    this.refuseWhenBusy();
    const abort = new AbortController();
    const signal = given === undefined ? abort.signal : AbortSignal.any([abort.signal, given]);
    const running = run(signal);
    this.#current = { abort, result: running };
    try {
      const result = await running;
      // Before anybody hears of it: the next operation may begin in a listener.
      this.#current = null;
      this.#report(kind, result);
      return result;
    } finally {
      if (this.#current?.abort === abort) this.#current = null;
      if (this.#isIdle()) this.#hub.emit("status", { status: "idle" });
    }
  }

  #isIdle(): boolean {
    return this.#current === null && !this.#isClosing;
  }

  #report(operation: "sale" | "inquiry", result: Result): void {
    const { outcome, code, moneyMoved, timings } = result;
    const id = result.id === undefined ? {} : { id: result.id };
    const detail =
      "detail" in result && result.detail !== undefined ? { detail: result.detail } : {};
    this.#hub.emit("decision", { ...id, operation, outcome, code, moneyMoved, ...detail });
    this.#hub.emit("stepTimings", { ...id, timings });
  }
}
