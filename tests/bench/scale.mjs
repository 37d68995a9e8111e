// @ts-check
// `npm run bench:scale`: loads a whole Région, and compares what a sale costs with what it costs in a small one.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./machine.mjs";
import { killAll, startGenerator } from "./processes.mjs";
import { checkLedger } from "./scale/check.mjs";
import { compareSales, spread } from "./scale/compare.mjs";
import { serve } from "./scale/gateway.mjs";
import { loadPopulation } from "./scale/load-population.mjs";
import { readOptions } from "./scale/options.mjs";
import { memoryOf } from "./scale/process-figures.mjs";
import { makeEmptyShop } from "./scale/shop.mjs";
import { table } from "./scale/table.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../.pass-tpe", import.meta.url));
/** What a sale may cost in the big gateway, in those of the small one. */
const RATIO_MAX = 1.2;
/** So little that nobody's balance ends, however often a card of a small population comes. */
const PURCHASE = { minCents: 10, maxCents: 50 };

/** @typedef {import("./scale/compare.mjs").RunFigures} RunFigures */
/** @typedef {import("./scale/load-population.mjs").LoadFigures & { verifySeconds: number }} LoadResult */
/**
 * @typedef {object} SaleResult
 * @property {number} connections
 * @property {Omit<RunFigures, "sales">} small the median of the rounds
 * @property {Omit<RunFigures, "sales">} big
 * @property {import("./scale/compare.mjs").Comparison["ratios"]} ratios
 */
/**
 * @typedef {object} ScaleResult
 * @property {Record<string, unknown>} machine
 * @property {LoadResult[]} loads the small one, the big one
 * @property {SaleResult[]} sales
 * @property {Record<"small" | "big", { residentBytes: number, peakResidentBytes: number }>} serving after the sales
 * @property {{ ratioMax: number, holds: boolean }} verdict
 */

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`scale: ${line}\n`);

/** @param {string} folder @param {string} name @param {number} beneficiaries */
async function loadOne(folder, name, beneficiaries) {
  say(`${name}: making the file of ${beneficiaries} beneficiaries and loading it`);
  const shop = await makeEmptyShop(join(folder, name));
  const loaded = await loadPopulation({ shop, beneficiaries, purchase: PURCHASE });
  return { shop, loaded, beneficiaries };
}

/**
 * @param {string} folder empty
 * @param {import("./scale/options.mjs").ScaleOptions} options
 * @returns {Promise<{ result: ScaleResult, findings: string[] }>}
 */
async function scale(folder, { beneficiaries, small: few, rounds, runMs }) {
  const small = await loadOne(folder, "small", few);
  const big = await loadOne(folder, "big", beneficiaries);
  say("starting both gateways again");
  const generator = startGenerator({ cards: [], terminals: [] });
  // Both fresh: nothing of the load is in either's memory.
  const sides = {
    small: { ...small, gateway: await serve(small.shop) },
    big: { ...big, gateway: await serve(big.shop) },
  };
  const sold = { sides, generator, rounds, runMs, purchase: PURCHASE, say };
  const { totals, comparisons } = await compareSales(sold);
  generator.stop();
  const serving = {
    small: memoryOf(sides.small.gateway.pid),
    big: memoryOf(sides.big.gateway.pid),
  };
  await sides.small.gateway.stop();
  await sides.big.gateway.stop();
  say("checking both ledgers");
  const checkedSmall = await checkLedger({ ...small, totals: totals.small });
  const checkedBig = await checkLedger({ ...big, totals: totals.big });
  const sales = comparisons.map(summed);
  const loads = [
    { ...small.loaded, verifySeconds: checkedSmall.verifySeconds },
    { ...big.loaded, verifySeconds: checkedBig.verifySeconds },
  ];
  const verdict = { ratioMax: RATIO_MAX, holds: sales.every(isWithin) };
  return {
    result: { machine: describeMachine(folder), loads, sales, serving, verdict },
    findings: [...checkedSmall.findings, ...checkedBig.findings],
  };
}

/** @param {import("./scale/compare.mjs").Comparison} comparison @returns {SaleResult} */
function summed({ connections, small, big, ratios }) {
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

/** In time and in processor alike. @param {SaleResult} sale */
function isWithin({ ratios }) {
  return ratios.time.median <= RATIO_MAX && ratios.cpu.median <= RATIO_MAX;
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "scale-"));
  try {
    const { result, findings } = await scale(folder, options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
    for (const finding of findings) say(`WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    if (options.keep) say(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}
