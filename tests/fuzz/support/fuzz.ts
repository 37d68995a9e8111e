// A fuzz test: one property with a small budget in CI, and as much as `npm run fuzz` asks for.

import fc from "fast-check";
import { test } from "vitest";
import { PROPERTY_TIMEOUT_MS, runsOf } from "../../properties/support/runs.js";

/** One case that takes so long hangs. */
const CASE_TIMEOUT_MS = 15_000;

/**
 * Declares a test that tries a check on many cases. The seed is printed, and `PASS_TPE_SEED` repeats it. What nobody
 * catches (a rejection, an exception of a callback) fails the run: vitest counts it as an error.
 *
 * @param usual how many cases are tried in CI.
 */
export function fuzz<T>(
  name: string,
  options: { readonly usual: number; readonly cases: fc.Arbitrary<T> },
  check: (one: T) => void | Promise<void>,
): void {
  const property = fc.asyncProperty(options.cases, async (one) => check(one));
  test(
    name,
    () => fc.assert(property, { ...runsOf(name, options.usual), timeout: CASE_TIMEOUT_MS }),
    PROPERTY_TIMEOUT_MS,
  );
}
