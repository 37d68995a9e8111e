// A clock that stands still until a test moves it.

import type { TerminalClock } from "../clock.js";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

export class ManualClock implements TerminalClock {
  #ms = 0;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return 1_700_000_000_000 + this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#ms + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How long the next timer has to wait, or null when there is none. */
  get nextInMs(): number | null {
    const times = [...this.#timers].map(({ atMs }) => atMs);
    return times.length === 0 ? null : Math.min(...times) - this.#ms;
  }

  /** Moves on and runs what is due, in order. */
  advance(ms: number): void {
    this.#ms += ms;
    const due = [...this.#timers].filter(({ atMs }) => atMs <= this.#ms);
    for (const timer of due.sort((a, b) => a.atMs - b.atMs)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}
