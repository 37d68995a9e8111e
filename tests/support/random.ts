// Random values that a seed repeats: for tests only, none of it is fit for secrets.

import type { Random } from "../../gateway/src/core/ports.js";

/** Set it to a printed seed to repeat a random test. */
const SEED_VARIABLE = "PASS_TPE_SEED";

/** Deterministic bytes from a seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const nextByte = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, nextByte) };
}

/** Options for `fc.assert` with a seed that is printed, so that any run can be repeated. */
export function printedSeed(name: string, numRuns: number): { seed: number; numRuns: number } {
  const given = process.env[SEED_VARIABLE];
  const seed = given === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(given);
  console.info(`${name}: ${SEED_VARIABLE}=${seed}`);
  return { seed, numRuns };
}
