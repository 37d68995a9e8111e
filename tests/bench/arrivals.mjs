// @ts-check
// When customers come who do not wait for each other: at random, at a rate, from a seed.

import { randomFrom } from "./random.mjs";

/** @typedef {{ perSecond: number, seed: number }} Arrivals */

/**
 * Poisson arrivals: whether one has just come says nothing of the next.
 *
 * @param {Arrivals & { runMs: number, countMax: number }} options
 * @returns {Float64Array} milliseconds after the start, ascending, all before runMs
 */
export function arrivalTimesMs({ perSecond, seed, runMs, countMax }) {
  const random = randomFrom(seed);
  const meanGapMs = 1_000 / perSecond;
  /** @type {number[]} */
  const times = [];
  let atMs = 0;
  while (times.length < countMax) {
    atMs -= Math.log(1 - random()) * meanGapMs;
    if (atMs >= runMs) break;
    times.push(atMs);
  }
  return Float64Array.from(times);
}
