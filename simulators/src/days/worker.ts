// A thread that plays days one after another: what it is asked comes as messages, and each has one answer.

import { parentPort, workerData } from "node:worker_threads";
import type { StoreName } from "./command-line.js";
import { drawPlan } from "./draw-plan.js";
import { type Figures, figuresOf } from "./figures.js";
import { judge, PLAYED_RULE } from "./judge.js";
import type { Plan } from "./plan.js";
import { reportOf, shortestFailure } from "./report.js";
import { withStore } from "./store-of-day.js";

/** `play` a seed, or `report` why it fails. */
export type Order = { readonly type: "play" | "report"; readonly seed: number };

export interface Found {
  readonly rule: string;
  readonly found: string;
}

export type Reply =
  | {
      /** Something threw beside the day that was played: the thread cannot go on. */
      readonly type: "failed";
      readonly seed: number;
      readonly violations: readonly Found[];
    }
  | {
      readonly type: "played";
      readonly seed: number;
      readonly violations: readonly Found[];
      readonly figures: Figures;
    }
  | {
      readonly type: "reported";
      readonly seed: number;
      readonly plan: Plan | null;
      /** All but the line that repeats the shortest plan: where that is written the thread does not know. */
      readonly lines: readonly string[];
    };

async function obey({ type, seed }: Order, store: StoreName): Promise<Reply> {
  const plan = drawPlan(seed);
  return withStore(store, async (options) => {
    if (type === "report") {
      const failure = await shortestFailure(plan, options);
      const lines = failure === null ? [] : reportOf(failure);
      return { type: "reported", seed, plan: failure?.plan ?? null, lines };
    }
    const { outcome, violations } = await judge(plan, options);
    const figures = outcome === null ? {} : figuresOf(plan, outcome);
    const found = violations.map(({ rule, found }) => ({ rule, found }));
    return { type: "played", seed, violations: found, figures };
  });
}

const { store } = workerData as { readonly store: StoreName };
// One day at a time: two at once in one thread would not be the same each time.
let last: Promise<void> = Promise.resolve();
let seed: number | null = null;
parentPort?.on("message", (order: Order) => {
  last = last.then(async () => {
    seed = order.seed;
    parentPort?.postMessage(await obey(order, store));
    seed = null;
  });
});

/** What nobody waits for has failed: of the day that is played. The thread is spent, as that day may never end. */
function fail(thrown: unknown): void {
  if (seed === null) throw thrown;
  const found = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const reply: Reply = { type: "failed", seed, violations: [{ rule: PLAYED_RULE, found }] };
  parentPort?.postMessage(reply);
  seed = null;
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
