// @ts-check
// What a scale run finds: the medians of its rounds, and whether they keep within what is promised.
import { spread } from "./compare.mjs";

/** What a sale may cost in the big gateway, in those of the small one. */
const RATIO_MAX = 1.2;
/** What the big gateway may ever have in memory while it sells. */
const RESIDENT_MAX_BYTES = 400e6;

/** @typedef {import("./compare.mjs").RunFigures} RunFigures */
/** @typedef {import("./load-population.mjs").LoadFigures & { verifySeconds: number | null }} LoadResult null: it was not checked */
/**
 * @typedef {object} SaleResult
 * @property {number} connections
 * @property {Omit<RunFigures, "sales">} small the median of the rounds
 * @property {Omit<RunFigures, "sales">} big
 * @property {import("./compare.mjs").Comparison["ratios"]} ratios
 */
/**
 * @typedef {object} ServingResult
 * @property {number} readyMs from its start until it serves
 * @property {number} residentBytes after the sales: VmRSS
 * @property {number} peakResidentBytes the most since its start: VmHWM
 */
/** @typedef {{ ratioMax: number, holds: boolean, residentMaxBytes: number, memoryHolds: boolean }} Verdict */
/**
 * @typedef {object} ScaleResult
 * @property {Record<string, unknown>} machine
 * @property {LoadResult[]} loads the small one, the big one
 * @property {import("./past.mjs").PastFigures | null} past of the big one
 * @property {SaleResult[]} sales
 * @property {Record<import("./compare.mjs").Name, ServingResult>} serving
 * @property {Verdict} verdict
 */

/** @param {import("./compare.mjs").Comparison} comparison @returns {SaleResult} */
export function summed({ connections, small, big, ratios }) {
  return { connections, small: medians(small), big: medians(big), ratios };
}

/** @param {RunFigures[]} runs */
function medians(runs) {
  /** @param {keyof RunFigures} figure */
  const median = (figure) => spread(runs.map((run) => run[figure])).median;
  return {
    msPerSale: median("msPerSale"),
    cpuMsPerSale: median("cpuMsPerSale"),
    p50Ms: median("p50Ms"),
    p99Ms: median("p99Ms"),
  };
}

/** @param {Pick<ScaleResult, "sales" | "serving">} found @returns {Verdict} */
export function verdictOn({ sales, serving }) {
  return {
    ratioMax: RATIO_MAX,
    holds: sales.every(isWithin),
    residentMaxBytes: RESIDENT_MAX_BYTES,
    memoryHolds: serving.big.peakResidentBytes <= RESIDENT_MAX_BYTES,
  };
}

/** In time and in processor alike. @param {SaleResult} sale */
function isWithin({ ratios }) {
  return ratios.time.median <= RATIO_MAX && ratios.cpu.median <= RATIO_MAX;
}
