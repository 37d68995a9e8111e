// Measures the steps of one operation.

import type { TerminalClock } from "../clock.js";
import type { EvidenceTimings } from "./evidence.js";
import type { StepTimings } from "./results.js";

export class StepClock {
  readonly #clock: TerminalClock;
  readonly #startedAtMs: number;
  readonly #spent = { journalMs: 0, networkMs: 0 };
  #evidence: EvidenceTimings = { readMs: 0 };
  #decisionMs: number | undefined;

  constructor(clock: TerminalClock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
  }

  /** Adds the time of some work to a step, whether it succeeds or not. */
  async spend<T>(step: "journalMs" | "networkMs", work: () => Promise<T>): Promise<T> {
    const fromMs = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      this.#spent[step] += this.#clock.monotonicMs() - fromMs;
    }
  }

  gathered(timings: EvidenceTimings): void {
    this.#evidence = timings;
  }

  /** The time at the PIN pad after a tap. */
  typed(pinMs: number): void {
    this.#evidence = { ...this.#evidence, pinMs };
  }

  /** Adds up where the code secret needed a decision of its own. */
  decided(decisionMs: number | undefined): void {
    if (decisionMs !== undefined) this.#decisionMs = (this.#decisionMs ?? 0) + decisionMs;
  }

  timings(): StepTimings {
    return {
      ...this.#evidence,
      ...this.#spent,
      ...(this.#decisionMs === undefined ? {} : { decisionMs: this.#decisionMs }),
      totalMs: this.#clock.monotonicMs() - this.#startedAtMs,
    };
  }
}
