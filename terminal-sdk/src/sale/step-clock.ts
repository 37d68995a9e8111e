// Measures the steps of one operation.

import { addStages, type GatewayStages } from "../client/server-timing.js";
import type { TerminalClock } from "../clock.js";
import type { EvidenceTimings } from "./evidence.js";
import type { StepTimings } from "./results.js";

export class StepClock {
  readonly #clock: TerminalClock;
  readonly #startedAtMs: number;
  readonly #spent = { journalMs: 0, networkMs: 0 };
  #evidence: EvidenceTimings = { readMs: 0 };
  #gateway: GatewayStages | null = null;

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

  /** What the gateway told of its own time; adds up where the code secret needed a decision of its own. */
  decided(stages: GatewayStages | undefined): void {
    if (stages !== undefined) this.#gateway = addStages(this.#gateway, stages);
  }

  timings(): StepTimings {
    const gateway = this.#gateway;
    const decisionMs = gateway?.decideMs;
    return {
      ...this.#evidence,
      ...this.#spent,
      ...(gateway === null ? {} : { gateway }),
      ...(decisionMs === undefined ? {} : { decisionMs }),
      totalMs: this.#clock.monotonicMs() - this.#startedAtMs,
    };
  }
}
