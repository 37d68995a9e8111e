// `npm run simulate`: plays days in virtual time, seed by seed, and ends with 0 only where no rule was broken.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_INTERRUPTED, endBySignals } from "../chaos/ending.js";
import { explain } from "../checker/index.js";
import { HELP, readCommandLine, type SimulateOptions, UsageError } from "./command-line.js";
import { type Gathered, playSeeds } from "./crew.js";
import { drawPlan } from "./draw-plan.js";
import { figuresOf } from "./figures.js";
import { judge } from "./judge.js";
import type { Plan } from "./plan.js";
import { createProgress } from "./progress.js";
import { keepStoresTogether, withStore } from "./store-of-day.js";

const EXIT_OK = 0;
const EXIT_VIOLATION = 1;
const EXIT_USAGE = 2;

/** Where the shortest plans of failures are written to. */
const PLANS_FOLDER = ".pass-tpe/simulate";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** One day in this thread, with its trace where that is asked for. */
async function playOne(plan: Plan, options: SimulateOptions): Promise<Gathered> {
  const { trace, store, json } = options;
  const { outcome, violations } = await withStore(store, (dayOptions) => judge(plan, dayOptions));
  if (trace) for (const line of outcome?.trace ?? []) (json ? tell : say)(line);
  for (const violation of violations) {
    const story = outcome && explain(violation, outcome.facts, outcome.ledger);
    for (const line of story ?? [violation.rule, violation.found]) tell(line);
  }
  return {
    played: 1,
    violations: violations.map(({ rule, found }) => ({ seed: plan.seed, rule, found })),
    figures: outcome === null ? {} : figuresOf(plan, outcome),
  };
}

async function playMany(options: SimulateOptions, signal: AbortSignal): Promise<Gathered> {
  const progress = createProgress({ seeds: options.seeds, tell });
  try {
    return await playSeeds({
      ...options,
      signal,
      onPlayed: progress.played,
      onReport({ seed, plan, lines }) {
        for (const line of lines) tell(line);
        if (plan !== null) tell(`repeat the shortest: ${repeatShortest(seed, plan)}`);
      },
    });
  } finally {
    progress.end();
  }
}

/** Writes a plan down, and gives the command that plays it. */
function repeatShortest(seed: number, plan: Plan): string {
  const file = join(PLANS_FOLDER, `seed-${seed}.json`);
  mkdirSync(PLANS_FOLDER, { recursive: true });
  writeFileSync(file, `${JSON.stringify(plan)}\n`);
  return `npm run simulate -- --plan ${file} --trace`;
}

async function simulate(options: SimulateOptions): Promise<number> {
  const interrupt = new AbortController();
  const { plan, trace, from, seeds, jobs, store, json } = options;
  if (store !== "memory") keepStoresTogether();
  const one = plan ?? (trace ? drawPlan(from) : null);
  // A day alone has no end in order.
  endBySignals({ onFirst: one === null ? () => interrupt.abort() : null });
  const startedMs = performance.now();
  const { played, violations, figures } = await (one === null
    ? playMany(options, interrupt.signal)
    : playOne(one, options));
  const seconds = Math.round(performance.now() - startedMs) / 1_000;
  const wasInterrupted = played < seeds && one === null;
  if (json) {
    const run = one === null ? { from } : { from: one.seed };
    say(JSON.stringify({ seeds: played, ...run, violations, figures, seconds, jobs, store }));
  } else {
    for (const { seed, rule, found } of violations) say(`seed ${seed}: ${rule}: ${found}`);
    say(`${played} days in ${seconds} s, ${violations.length} violations`);
  }
  if (violations.length > 0) return EXIT_VIOLATION;
  return wasInterrupted ? EXIT_INTERRUPTED : EXIT_OK;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readCommandLine(args);
    if (options !== null) return await simulate(options);
    process.stdout.write(HELP);
    return EXIT_OK;
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    tell(`${thrown.message}\nTry: npm run simulate -- --help`);
    return EXIT_USAGE;
  }
}

process.exitCode = await main(process.argv.slice(2));
