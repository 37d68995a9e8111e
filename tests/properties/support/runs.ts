// How many random cases a property is tried on: a few each time, more where somebody asks for them.

import { printedSeed } from "../../support/random.js";

/** Set it to a factor, to try that many times as many cases: `PASS_TPE_RUNS=20 npx vitest run tests/properties`. */
const FACTOR_VARIABLE = "PASS_TPE_RUNS";

const factor = Number(process.env[FACTOR_VARIABLE] ?? 1);
if (!(factor >= 1)) throw new Error(`${FACTOR_VARIABLE} must be a number from 1`);

/** Long enough for a property of so many cases, many times as many where they were asked for. */
export const PROPERTY_TIMEOUT_MS = 240_000 * factor;

/** Before that time is over: a counterexample that is still being made smaller is told as it is. */
const INTERRUPT_AFTER_MS = 0.75 * PROPERTY_TIMEOUT_MS;

/** Options for `fc.assert`: a seed that is printed, as many runs as were asked for, and no more time than a test has. */
export function runsOf(name: string, usual: number) {
  const limits = { interruptAfterTimeLimit: INTERRUPT_AFTER_MS, markInterruptAsFailure: true };
  return { ...printedSeed(name, Math.round(usual * factor)), ...limits };
}
