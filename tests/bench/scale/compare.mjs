// @ts-check
// Sells at two gateways in turns by random cards of their whole populations, and compares what a sale costs.
import { percentile } from "../figures.mjs";
import { cpuMsOf } from "./process-figures.mjs";

const CONNECTIONS = [1, 32];
/** Cards dealt for a run: more than it can use, unless the population is smaller. */
const CARDS_PER_RUN = 10_000;
/** Above whatever one card's chip can count up to within one run. */
const COUNTER_STEP = 10_000;
const WARM_UP_CONNECTIONS = 32;

/** @typedef {"small" | "big"} Name */
/** @typedef {{ shop: import("./shop.mjs").Shop, gateway: import("./gateway.mjs").Serving, beneficiaries: number }} Side */
/** @typedef {{ sales: number, msPerSale: number, cpuMsPerSale: number, p50Ms: number, p99Ms: number }} RunFigures */
/** @typedef {{ median: number, min: number, max: number }} Spread over the rounds */
/**
 * @typedef {object} Comparison
 * @property {number} connections
 * @property {RunFigures[]} small one for each round
 * @property {RunFigures[]} big
 * @property {{ time: Spread, cpu: Spread, p50: Spread, p99: Spread }} ratios big / small, each of one round
 */

/**
 * @param {object} options
 * @param {Record<Name, Side>} options.sides
 * @param {{ run(job: import("../load.mjs").Job): Promise<import("../load.mjs").Measured> }} options.generator
 * @param {number} options.rounds
 * @param {number} options.runMs
 * @param {import("../requests.mjs").Purchase} options.purchase
 * @param {(line: string) => void} options.say
 */
export async function compareSales({ sides, generator, rounds, runMs, purchase, say }) {
  /** @type {Record<Name, import("../rig.mjs").Totals>} */
  const totals = { small: noSales(), big: noSales() };
  let runs = 0;

  /** @param {Name} name @param {number} connections @returns {Promise<RunFigures>} */
  async function sell(name, connections) {
    const { shop, gateway, beneficiaries } = sides[name];
    runs += 1;
    // The till's own sales while the population was loaded count below the first step.
    const counter = runs * COUNTER_STEP;
    const cards = randomPeople(beneficiaries).map((index) => shop.cardOf(index, counter));
    const job = { kind: /** @type {const} */ ("authorize"), url: gateway.url, tls: true };
    const supplies = { cards, terminals: shop.terminals };
    const cpuFromMs = cpuMsOf(gateway.pid);
    const measured = await generator.run({ ...job, connections, runMs, supplies, purchase });
    const cpuMs = cpuMsOf(gateway.pid) - cpuFromMs;
    const sales = measured.latenciesMs.length;
    totals[name].answers += sales;
    totals[name].approved += measured.approved;
    totals[name].approvedCents += measured.approvedCents;
    const sorted = [...measured.latenciesMs].sort((a, b) => a - b);
    return {
      sales,
      msPerSale: measured.elapsedMs / sales,
      cpuMsPerSale: cpuMs / sales,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
  }

  for (const name of /** @type {const} */ (["small", "big"])) await sell(name, WARM_UP_CONNECTIONS);
  /** @type {Map<number, Record<Name, RunFigures[]>>} */
  const found = new Map(CONNECTIONS.map((connections) => [connections, { small: [], big: [] }]));
  for (let round = 1; round <= rounds; round += 1) {
    say(`sales, round ${round} of ${rounds}`);
    // Who comes first changes, so that a machine that slows down slows both.
    const order = /** @type {Name[]} */ (round % 2 === 1 ? ["small", "big"] : ["big", "small"]);
    for (const [connections, sampled] of found) {
      for (const name of order) sampled[name].push(await sell(name, connections));
    }
  }
  const comparisons = [...found].map(([connections, sampled]) => compared(connections, sampled));
  return { totals, comparisons };
}

/** @returns {import("../rig.mjs").Totals} */
function noSales() {
  return { answers: 0, approved: 0, approvedCents: 0 };
}

/** @param {number} beneficiaries @returns {number[]} different ones, each as likely as any other */
function randomPeople(beneficiaries) {
  const count = Math.min(CARDS_PER_RUN, beneficiaries);
  /** The people who were moved in the shuffle. @type {Map<number, number>} */
  const moved = new Map();
  return Array.from({ length: count }, (_, index) => {
    const other = index + Math.floor(Math.random() * (beneficiaries - index));
    const dealt = moved.get(other) ?? other;
    moved.set(other, moved.get(index) ?? index);
    return dealt;
  });
}

/** @param {number} connections @param {Record<Name, RunFigures[]>} sampled @returns {Comparison} */
function compared(connections, { small, big }) {
  /** @param {keyof RunFigures} figure */
  const ratio = (figure) =>
    spread(big.map((run, round) => run[figure] / (small[round]?.[figure] ?? Number.NaN)));
  const ratios = {
    time: ratio("msPerSale"),
    cpu: ratio("cpuMsPerSale"),
    p50: ratio("p50Ms"),
    p99: ratio("p99Ms"),
  };
  return { connections, small, big, ratios };
}

/** @param {number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: percentile(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}
