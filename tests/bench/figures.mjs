// @ts-check
// From samples to figures: each run's rate and ratio to the echo by rounds, its percentiles over all of them.

/**
 * @typedef {object} Sample what one round measured
 * @property {string} generator what sent and measured
 * @property {Float64Array} latenciesMs
 * @property {number} elapsedMs
 * @property {number} answers that count: of the hot card approvals alone
 * @property {number} [approvedShare] of all answers
 * @property {number} [behindMs] processor time that the gateway used after the last answer, for what it does behind the sales
 * @property {Float64Array} [lateMs] by how much requests left after they were due
 */
/**
 * @typedef {object} Run
 * @property {string} name
 * @property {number} connections
 * @property {string} generator
 * @property {number} perSecond the median of the rounds
 * @property {number} p50Ms of all requests of all rounds, as the other percentiles
 * @property {number} p99Ms
 * @property {number} p999Ms
 * @property {number} maxMs
 * @property {number} ratioToEcho this rate / the plain echo's of the same round, generator and number of connections: the median
 * @property {[number, number]} [ratioToEchoRange] the lowest and the highest of the rounds
 * @property {number} [sustainedPerSecond] with the time for what was left to be done behind the sales
 * @property {number} [sustainedRatioToEcho]
 * @property {[number, number]} [sustainedRatioToEchoRange]
 * @property {number} [approvedShare]
 * @property {number} [sentLateP99Ms] of an open loop
 */
/** @typedef {{ name: string, connections: number, round: number }} RoundOfRun */

/** Collects the samples of all rounds, and makes the runs of them. */
export class Figures {
  /** @type {Map<string, { name: string, connections: number, samples: Map<number, Sample> }>} */
  #runs = new Map();

  /** @param {RoundOfRun} run @param {Sample} sample */
  add({ name, connections, round }, sample) {
    const key = `${name} ${connections}`;
    const run = this.#runs.get(key) ?? { name, connections, samples: new Map() };
    run.samples.set(round, sample);
    this.#runs.set(key, run);
  }

  /**
   * @param {{ name: string, connections: number }} run
   * @param {{ name: string, connections: number }} other
   * @returns {Spread} of the sustained rates' ratios, each of one round
   */
  ratios(run, other) {
    return this.#ratios(run, other, sustainedRate);
  }

  /** @param {RoundOfRun} run @returns {number} its rate in one round, a second */
  rateIn({ name, connections, round }) {
    const sample = this.#runs.get(`${name} ${connections}`)?.samples.get(round);
    return sample === undefined ? Number.NaN : rate(sample);
  }

  /** @returns {Run[]} in the order in which they first ran */
  runs() {
    return [...this.#runs.values()].map((run) => this.#runOf(run));
  }

  /** @param {{ name: string, connections: number, samples: Map<number, Sample> }} run @returns {Run} */
  #runOf({ name, connections, samples: byRound }) {
    const samples = [...byRound.values()];
    const generator = samples[0]?.generator ?? "";
    const own = this.#runs.has(`echo-${generator} ${connections}`) ? `echo-${generator}` : "echo";
    const echo = { name: own, connections };
    const ratio = this.#ratios({ name, connections }, echo, rate);
    const sorted = sortedTogether(samples.map(({ latenciesMs }) => latenciesMs));
    return {
      name,
      connections,
      generator,
      perSecond: round(spread(samples.map(rate)).median, 1),
      p50Ms: round(percentile(sorted, 0.5), 3),
      p99Ms: round(percentile(sorted, 0.99), 3),
      p999Ms: round(percentile(sorted, 0.999), 3),
      maxMs: round(percentile(sorted, 1), 3),
      ratioToEcho: round(ratio.median, 3),
      ...rangeOf("ratioToEchoRange", ratio),
      ...this.#sustained({ name, connections }, echo, samples),
      ...shareApproved(samples),
      ...sentLate(samples),
    };
  }

  /**
   * @param {{ name: string, connections: number }} run
   * @param {{ name: string, connections: number }} echo
   * @param {Sample[]} samples
   */
  #sustained(run, echo, samples) {
    if (samples.every(({ behindMs }) => behindMs === undefined)) return {};
    const ratio = this.ratios(run, echo);
    return {
      sustainedPerSecond: round(spread(samples.map(sustainedRate)).median, 1),
      sustainedRatioToEcho: round(ratio.median, 3),
      ...rangeOf("sustainedRatioToEchoRange", ratio),
    };
  }

  /**
   * @param {{ name: string, connections: number }} run
   * @param {{ name: string, connections: number }} other
   * @param {(sample: Sample) => number} rateOf
   */
  #ratios(run, other, rateOf) {
    const others = this.#runs.get(`${other.name} ${other.connections}`)?.samples;
    const own = this.#runs.get(`${run.name} ${run.connections}`)?.samples ?? new Map();
    const pairs = [...own].flatMap(([at, sample]) => {
      const beside = others?.get(at);
      return beside === undefined ? [] : [rateOf(sample) / rateOf(beside)];
    });
    return spread(pairs);
  }
}

/** @typedef {{ median: number, min: number, max: number }} Spread over the rounds */

/** @param {number[]} values @returns {Spread} all NaN where there are none */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  const [min = Number.NaN] = sorted;
  return { median: (low + high) / 2, min, max: sorted.at(-1) ?? Number.NaN };
}

/** @param {string} name @param {Spread} spread */
function rangeOf(name, { min, max }) {
  return Number.isNaN(min) ? {} : { [name]: [round(min, 3), round(max, 3)] };
}

/** @param {Sample} sample @returns {number} a second */
const rate = ({ answers, elapsedMs }) => (answers * 1_000) / elapsedMs;

/** What could be kept up for a day. @param {Sample} sample @returns {number} a second */
const sustainedRate = ({ answers, elapsedMs, behindMs = 0 }) =>
  (answers * 1_000) / (elapsedMs + behindMs);

/** @param {Sample[]} samples */
function shareApproved(samples) {
  const shares = samples.flatMap(({ approvedShare: share }) => (share === undefined ? [] : share));
  return shares.length === 0 ? {} : { approvedShare: round(spread(shares).median, 4) };
}

/** @param {Sample[]} samples */
function sentLate(samples) {
  const late = sortedTogether(samples.flatMap(({ lateMs }) => lateMs ?? []));
  return late.length === 0 ? {} : { sentLateP99Ms: round(percentile(late, 0.99), 3) };
}

/** @param {Float64Array[]} parts @returns {Float64Array} */
function sortedTogether(parts) {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

/** @param {ArrayLike<number>} sorted @param {number} share from 0 to 1 @returns {number} the nearest-rank percentile */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** @param {number} value @param {number} digits */
function round(value, digits) {
  return Number(value.toFixed(digits));
}
