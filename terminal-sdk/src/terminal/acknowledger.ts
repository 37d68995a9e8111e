// Notes in the journal that the till has had a result in hand, so that the next run does not tell it once more.

import { appendOrReport } from "../client/append-or-report.js";
import type { TerminalContext } from "../context.js";
import type { UnderWay } from "./under-way.js";

/** Acknowledges for the till what it was handed. */
export class Acknowledger {
  readonly #context: Pick<TerminalContext, "clock" | "hub" | "journal">;
  readonly #underWay: UnderWay;

  constructor(options: {
    context: Pick<TerminalContext, "clock" | "hub" | "journal">;
    underWay: UnderWay;
  }) {
    this.#context = options.context;
    this.#underWay = options.underWay;
  }

  /** After this turn of the event loop the till has had the result in hand. */
  acknowledgeSoon(id: string): void {
    const { journal, hub, clock } = this.#context;
    const acknowledged = new Promise<boolean>((resolve) => {
      setImmediate(() => {
        const record = { type: "acknowledged", id, atMs: clock.nowMs() } as const;
        resolve(appendOrReport({ journal, hub, record }));
      });
    });
    void this.#underWay.track(acknowledged);
  }

  /** Once an unknown result has come to this outcome. What a close has overtaken is told by the next run. */
  acknowledgeOnce(
    resolved: Promise<{ readonly outcome: string }>,
    { outcome, id }: { readonly outcome: "captured" | "refunded"; readonly id: string },
  ): void {
    void resolved.then((end) => {
      if (end.outcome === outcome && !this.#underWay.isClosing) this.acknowledgeSoon(id);
    });
  }
}
