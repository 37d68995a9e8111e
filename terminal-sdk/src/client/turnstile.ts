// Lets requests pass at will, until somebody must have the connection alone: to change whom the terminal speaks as.

import type { TerminalClock } from "../clock.js";

export class Turnstile {
  readonly #clock: TerminalClock;
  readonly #passing = new Set<Promise<unknown>>();
  /** Resolves when it opens again; null while it is open. */
  #shut: Promise<void> | null = null;

  constructor(options: { clock: TerminalClock }) {
    this.#clock = options.clock;
  }

  /**
   * Runs work that takes time. What finds the turnstile shut waits, and is told how much of its time is left.
   *
   * @returns null where its time was over before it could begin.
   */
  async pass<T>(timeoutMs: number, work: (timeoutMs: number) => Promise<T>): Promise<T | null> {
    const startMs = this.#clock.monotonicMs();
    let leftMs = timeoutMs;
    // Ends: each round ends with the turnstile open, or the time over.
    while (this.#shut !== null) {
      await this.#opensOrEnds(this.#shut, leftMs);
      leftMs = timeoutMs - (this.#clock.monotonicMs() - startMs);
      if (leftMs <= 0) return null;
    }
    const passing = work(leftMs);
    this.#passing.add(passing);
    return passing.finally(() => this.#passing.delete(passing));
  }

  /** Waits until nothing passes any more, and runs with nothing else passing. Only one may ask for it at a time. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    if (this.#shut !== null) throw new Error("the turnstile is shut already");
    let open: () => void = () => undefined;
    this.#shut = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await Promise.allSettled(this.#passing);
      return await run();
    } finally {
      this.#shut = null;
      open();
    }
  }

  #opensOrEnds(opens: Promise<void>, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.#clock.after(delayMs, resolve);
      void opens.then(() => {
        callOff();
        resolve();
      });
    });
  }
}
