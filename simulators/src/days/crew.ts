// Spreads seeds over threads, each of which plays one day at a time, and gathers what they found.

import { Worker } from "node:worker_threads";
import type { SimulateOptions } from "./command-line.js";
import { type Figures, sumOf } from "./figures.js";
import type { Order, Reply } from "./worker.js";

/** The most failures that are made short and told in full; of the others the seed and the rule are told. */
const REPORTS_MAX = 3;

/**
 * A thread is replaced after so many days: what a killed process waited for is kept by Node for ever, as it is an abort
 * signal that somebody listens to.
 */
const DAYS_PER_THREAD = 150;

export interface SeedViolation {
  readonly seed: number;
  readonly rule: string;
  readonly found: string;
}

export interface Gathered {
  /** How many days were played. */
  readonly played: number;
  readonly violations: readonly SeedViolation[];
  readonly figures: Figures;
}

type Reported = Extract<Reply, { type: "reported" }>;

/**
 * Plays the seeds. Ends early, with what there is, when the signal fires.
 *
 * @throws what ended a thread.
 */
export async function playSeeds(
  options: Pick<SimulateOptions, "seeds" | "from" | "jobs" | "store"> & {
    readonly signal: AbortSignal;
    readonly onPlayed: (soFar: { played: number; violations: number }) => void;
    readonly onReport: (report: Reported) => void;
  },
): Promise<Gathered> {
  const { seeds, from, jobs, store, signal, onPlayed, onReport } = options;
  const violations: SeedViolation[] = [];
  const reports: number[] = [];
  const rulesReported = new Set<string>();
  let figures: Figures = {};
  let handedOut = 0;
  let played = 0;

  function nextOrder(): Order | null {
    const failed = reports.shift();
    if (failed !== undefined) return { type: "report", seed: failed };
    if (handedOut === seeds) return null;
    handedOut += 1;
    return { type: "play", seed: from + handedOut - 1 };
  }

  function take(reply: Reply): void {
    if (reply.type === "reported") {
      onReport(reply);
      return;
    }
    const { seed } = reply;
    played += 1;
    if (reply.type === "played") figures = sumOf([figures, reply.figures]);
    violations.push(...reply.violations.map((violation) => ({ seed, ...violation })));
    // A day that throws beside itself would do so again for each shorter plan, and end its thread.
    const rule = reply.type === "failed" ? undefined : reply.violations[0]?.rule;
    if (rule !== undefined && !rulesReported.has(rule) && rulesReported.size < REPORTS_MAX) {
      rulesReported.add(rule);
      reports.push(seed);
    }
    onPlayed({ played, violations: violations.length });
  }

  async function work(): Promise<void> {
    // Ends: each thread takes at least one order, and there are no more orders than seeds and reports.
    for (let order = nextOrder(); order !== null && !signal.aborted; order = nextOrder()) {
      const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: { store } });
      await employ(worker, { first: order, nextOrder, take, signal });
    }
  }

  const threads = Array.from({ length: Math.min(jobs, seeds) }, work);
  await Promise.all(threads);
  violations.sort((a, b) => a.seed - b.seed);
  return { played, violations, figures };
}

/** Gives a thread one order after another until it has had enough, there is none, or the signal fires. */
function employ(
  worker: Worker,
  desk: {
    readonly first: Order;
    readonly nextOrder: () => Order | null;
    readonly take: (reply: Reply) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { first, nextOrder, take, signal } = desk;
  return new Promise((resolve, reject) => {
    let done = 0;
    let order = first;
    let isDismissed = false;
    const dismiss = () => {
      isDismissed = true;
      signal.removeEventListener("abort", dismiss);
      void worker.terminate().then(() => resolve());
    };
    signal.addEventListener("abort", dismiss);
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (!isDismissed)
        reject(
          new Error(`a thread ended by itself with ${code}; last order: ${JSON.stringify(order)}`),
        );
    });
    worker.on("message", (reply: Reply) => {
      if (signal.aborted) return;
      take(reply);
      done += 1;
      const isSpent = reply.type === "failed" || done >= DAYS_PER_THREAD;
      const next = isSpent ? null : nextOrder();
      if (next === null) dismiss();
      else {
        order = next;
        worker.postMessage(next);
      }
    });
    worker.postMessage(first);
  });
}
