// The same seed is the same day: byte for byte, in one process and in another, on memory and on a real database.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { drawPlan } from "../../simulators/src/days/draw-plan.js";
import { runPlan } from "../../simulators/src/days/run-plan.js";
import { withStore } from "../../simulators/src/days/store-of-day.js";
import {
  APDU_MS,
  type TerminalLifeOptions,
} from "../../simulators/src/days/world/terminal-life.js";

const MAIN = fileURLToPath(new URL("../../simulators/dist/days/main.js", import.meta.url));
const SEED_CALM = 2;
const SEED_STORMY = 9;
const TIMEOUT_MS = 120_000;

const traceOf = async (seed: number) => (await runPlan(drawPlan(seed))).trace.join("\n");

it.each([SEED_CALM, SEED_STORMY])(
  "seed %i gives the same trace twice",
  async (seed) => {
    const once = await traceOf(seed);
    expect(once.length).toBeGreaterThan(1_000);
    expect(await traceOf(seed)).toBe(once);
  },
  TIMEOUT_MS,
);

/** The thread stands still in the middle of each of the first taps, for longer than a card may take. */
function stalling(options: TerminalLifeOptions): TerminalLifeOptions {
  const { timeline } = options;
  const after = timeline.after.bind(timeline);
  timeline.after = (delayMs, run) => {
    if (delayMs !== APDU_MS || stallsLeft === 0) return after(delayMs, run);
    stallsLeft -= 1;
    return after(delayMs, () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
      run();
    });
  };
  return options;
}
let stallsLeft = 2;
const STALL_MS = 2_100;

it(
  "a thread that stalls in a tap plays the same day",
  async () => {
    const { trace } = await runPlan(drawPlan(SEED_CALM), { wrapTerminal: stalling });
    expect(stallsLeft).toBe(0);
    expect(trace.join("\n")).toBe(await traceOf(SEED_CALM));
  },
  TIMEOUT_MS,
);

it(
  "another process gives the same trace",
  () => {
    const args = [MAIN, "--seeds", "1", "--from", String(SEED_STORMY), "--trace"];
    const runs = [1, 2].map(() => execFileSync(process.execPath, args));
    const [first, second] = runs.map((out) =>
      createHash("sha256").update(dayOf(out)).digest("hex"),
    );
    expect(first).toBe(second);
  },
  TIMEOUT_MS,
);

/** The last line tells how long it took. */
const dayOf = (out: Buffer) => out.toString("utf8").split("\n").slice(0, -2).join("\n");

it(
  "a database gives the same day as memory",
  async () => {
    const inMemory = await runPlan(drawPlan(SEED_STORMY));
    const inFile = await withStore("sqlite", (options) => runPlan(drawPlan(SEED_STORMY), options));
    expect(inFile.facts).toEqual(inMemory.facts);
  },
  TIMEOUT_MS,
);
