// The line of a sale's steps, told once: when the till says that the receipt is printed, or when it goes on without.

import type { TerminalContext } from "../context.js";
import type { SaleResult, StepTimings } from "../sale/results.js";

interface Waiting {
  readonly id: string | undefined;
  readonly timings: StepTimings;
  /** When the till got the result, by the monotonic clock. */
  readonly fromMs: number;
}

export class StepLine {
  readonly #context: Pick<TerminalContext, "clock" | "hub">;
  #waiting: Waiting | null = null;

  constructor(context: Pick<TerminalContext, "clock" | "hub">) {
    this.#context = context;
  }

  /** The till has the result of a sale. */
  begin({ id, timings }: Pick<SaleResult, "id" | "timings">): void {
    this.flush();
    this.#waiting = { id, timings, fromMs: this.#context.clock.monotonicMs() };
  }

  /** The receipt of the last sale is printed. Of another one nothing is measured any more. */
  printed(id: string): void {
    if (this.#waiting?.id !== id) return;
    this.#tell(this.#waiting, this.#context.clock.monotonicMs() - this.#waiting.fromMs);
  }

  /** The till goes on: what it has not said to be printed by now is told without. */
  flush(): void {
    if (this.#waiting !== null) this.#tell(this.#waiting);
  }

  #tell({ id, timings }: Waiting, printMs?: number): void {
    this.#waiting = null;
    this.#context.hub.emit("saleSteps", {
      ...(id === undefined ? {} : { id }),
      timings: printMs === undefined ? timings : { ...timings, printMs },
    });
  }
}
