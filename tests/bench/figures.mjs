// @ts-check
// From samples to figures: all rounds of one run together, its rate and percentiles, and its ratio to the echo.

/** @typedef {{ latenciesMs: Float64Array, elapsedMs: number }} Sample what one round measured */
/**
 * @typedef {object} Run
 * @property {string} name
 * @property {number} connections
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} p999Ms
 * @property {number} ratioToEcho this rate / the plain echo's at as many connections
 */

/** Collects the samples of all rounds, and makes the runs of them. */
export class Figures {
  /** @type {Map<string, { name: string, connections: number, samples: Sample[] }>} */
  #runs = new Map();

  /** @param {{ name: string, connections: number }} run @param {Sample} sample */
  add({ name, connections }, sample) {
    const key = `${name} ${connections}`;
    const run = this.#runs.get(key) ?? { name, connections, samples: [] };
    run.samples.push(sample);
    this.#runs.set(key, run);
  }

  /** @returns {Run[]} in the order in which they first ran */
  runs() {
    return [...this.#runs.values()].map(({ name, connections, samples }) => {
      const perSecond = rate(samples);
      const echo = rate(this.#runs.get(`echo ${connections}`)?.samples ?? []);
      const sorted = samples.flatMap(({ latenciesMs }) => [...latenciesMs]).sort((a, b) => a - b);
      return {
        name,
        connections,
        perSecond: round(perSecond, 1),
        p50Ms: round(percentile(sorted, 0.5), 3),
        p99Ms: round(percentile(sorted, 0.99), 3),
        p999Ms: round(percentile(sorted, 0.999), 3),
        ratioToEcho: round(perSecond / echo, 3),
      };
    });
  }
}

/** @param {Sample[]} samples @returns {number} a second */
function rate(samples) {
  const answers = samples.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
  const elapsedMs = samples.reduce((sum, sample) => sum + sample.elapsedMs, 0);
  return (answers * 1_000) / elapsedMs;
}

/** @param {number[]} sorted @param {number} share from 0 to 1 @returns {number} the nearest-rank percentile */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** @param {number} value @param {number} digits */
function round(value, digits) {
  return Number(value.toFixed(digits));
}
