// What `npm run simulate` takes on its command line, and what it says about it.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Plan } from "./plan.js";

export const STORES = ["memory", "sqlite"] as const;
export type StoreName = (typeof STORES)[number];

const SEEDS_DEFAULT = 200;
const FROM_DEFAULT = 1;
const JOBS_MAX = 64;

export const HELP = `Usage: npm run simulate -- [options]

Plays whole days of sales in virtual time, one for each seed, on the real gateway and the real terminal SDK, with faults
of network, disks, clocks, cards and processes, and has a checker with a model of its own look for what must not be.

  --seeds N            how many days (${SEEDS_DEFAULT})
  --from S             the first seed; the others follow it (${FROM_DEFAULT})
  --jobs J             threads that play them (as many as there are processors)
  --store NAME         memory, or sqlite on real files in a temporary folder (memory)
  --plan FILE          plays the plan of a report instead of seeds
  --trace              the whole trace on stdout; of one seed or a plan only
  --json               what was found and what was exercised, as one JSON object on stdout
  --help               this text

Progress goes to stderr. A violation is reported with its seed, the rule, the shortest plan that breaks it, the trace of that
plan and the command that repeats it; the plan is written to .pass-tpe/simulate. It ends with 0 when there was no violation,
with 1 when there was one, and with 2 when the command line is wrong. Ctrl-C ends it early, with what there is and 130.
`;

/** The command line is wrong. Who must act: whoever typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface SimulateOptions {
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
  readonly store: StoreName;
  readonly plan: Plan | null;
  readonly trace: boolean;
  readonly json: boolean;
}

/** Null where only the help was asked for. @throws UsageError that says what is wrong. */
export function readCommandLine(args: readonly string[]): SimulateOptions | null {
  const values = parsed(args);
  if (values.help) return null;
  const plan = values.plan === undefined ? null : planOf(values.plan);
  const seeds = wholeNumber("--seeds", values.seeds, { min: 1, max: 10_000_000 });
  if (values.trace && plan === null && seeds !== 1) {
    throw new UsageError("--trace is of one day: give --seeds 1 or --plan FILE with it");
  }
  return {
    seeds,
    from: wholeNumber("--from", values.from, { min: 0, max: Number.MAX_SAFE_INTEGER - seeds }),
    jobs: wholeNumber("--jobs", values.jobs, { min: 1, max: JOBS_MAX }),
    store: storeOf(values.store),
    plan,
    trace: values.trace,
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string", default: String(SEEDS_DEFAULT) },
        from: { type: "string", default: String(FROM_DEFAULT) },
        jobs: { type: "string", default: String(Math.min(JOBS_MAX, availableParallelism())) },
        store: { type: "string", default: "memory" },
        plan: { type: "string" },
        trace: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (thrown) {
    throw new UsageError(reasonOf(thrown));
  }
}

function wholeNumber(
  option: string,
  text: string,
  { min, max }: { min: number; max: number },
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, not ${text}`);
}

function storeOf(text: string): StoreName {
  const found = STORES.find((name) => name === text);
  if (found === undefined) throw new UsageError(`--store must be memory or sqlite, not ${text}`);
  return found;
}

/** A plan as a report has written it. */
function planOf(path: string): Plan {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw new UsageError(`the plan ${path} cannot be read: ${reasonOf(thrown)}`);
  }
  const { seed, stock, acts, faults, healsAtMs } = Object(read);
  const isPlan =
    Number.isInteger(seed) &&
    Number.isFinite(healsAtMs) &&
    typeof stock === "object" &&
    Array.isArray(acts) &&
    Array.isArray(faults);
  if (!isPlan) throw new UsageError(`${path} is no plan: give one that a report has written`);
  return read as Plan;
}

const reasonOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
