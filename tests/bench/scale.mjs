// @ts-check
// `npm run bench:scale`: loads a whole Région with its past, and compares what a sale costs with what it costs in a small one.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeMachine } from "./machine.mjs";
import { killAll, startGenerator } from "./processes.mjs";
import { checkLedger } from "./scale/check.mjs";
import { compareSales } from "./scale/compare.mjs";
import { assertRoom } from "./scale/disk.mjs";
import { serve } from "./scale/gateway.mjs";
import { loadPopulation } from "./scale/load-population.mjs";
import { readOptions } from "./scale/options.mjs";
import { fillPast } from "./scale/past.mjs";
import { memoryOf } from "./scale/process-figures.mjs";
import { summed, verdictOn } from "./scale/result.mjs";
import { makeEmptyShop } from "./scale/shop.mjs";
import { table } from "./scale/table.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../.pass-tpe", import.meta.url));
/** So little that nobody's balance ends, however often a card of a small population comes. */
const PURCHASE = { minCents: 10, maxCents: 50 };

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`scale: ${line}\n`);

/** @param {string} folder @param {string} name @param {number} beneficiaries */
async function loadOne(folder, name, beneficiaries) {
  say(`${name}: making the file of ${beneficiaries} beneficiaries and loading it`);
  const shop = await makeEmptyShop(join(folder, name));
  const loaded = await loadPopulation({ shop, beneficiaries, purchase: PURCHASE });
  return { shop, loaded, beneficiaries };
}

/** @param {import("./scale/shop.mjs").Shop} shop @param {number} sales */
async function fillOne({ folder }, sales) {
  if (sales === 0) return undefined;
  say(`big: filling in ${sales} past sales`);
  return fillPast({ folder, sales, say });
}

/**
 * @param {string} folder empty
 * @param {import("./scale/options.mjs").ScaleOptions} options
 * @returns {Promise<{ result: import("./scale/result.mjs").ScaleResult, findings: string[] }>}
 */
async function scale(folder, { beneficiaries, small: few, past: sales, rounds, runMs, verify }) {
  const small = await loadOne(folder, "small", few);
  const big = await loadOne(folder, "big", beneficiaries);
  const past = await fillOne(big.shop, sales);
  const sold = await sellAtBoth({ small, big }, { rounds, runMs });
  const { totals, comparisons, serving } = sold;
  const outcomes = [
    { ...small, totals: totals.small },
    { ...big, totals: totals.big, ...(past && { past }) },
  ];
  const { findings, loads } = verify ? await checkAll(outcomes) : unchecked(outcomes);
  const found = { sales: comparisons.map(summed), serving };
  const machine = describeMachine(folder);
  const result = { machine, loads, past: past ?? null, ...found, verdict: verdictOn(found) };
  return { result, findings };
}

/** @typedef {Parameters<typeof checkLedger>[0]} Outcome */

/** @param {Outcome[]} outcomes */
async function checkAll(outcomes) {
  say("checking both ledgers");
  const findings = [];
  const loads = [];
  for (const outcome of outcomes) {
    const checked = await checkLedger(outcome);
    findings.push(...checked.findings);
    loads.push({ ...outcome.loaded, verifySeconds: checked.verifySeconds });
  }
  return { findings, loads };
}

/** @param {Outcome[]} outcomes */
function unchecked(outcomes) {
  say("neither ledger is checked: --no-verify");
  return {
    findings: [],
    loads: outcomes.map(({ loaded }) => ({ ...loaded, verifySeconds: null })),
  };
}

/** @typedef {Awaited<ReturnType<typeof loadOne>>} Loaded */

/** @param {Record<"small" | "big", Loaded>} both @param {{ rounds: number, runMs: number }} length */
async function sellAtBoth({ small, big }, { rounds, runMs }) {
  say("starting both gateways again");
  const generator = startGenerator({ cards: [], terminals: [] });
  // Both fresh: nothing of the load is in either's memory.
  const sides = {
    small: { ...small, gateway: await serve(small.shop) },
    big: { ...big, gateway: await serve(big.shop) },
  };
  const sold = await compareSales({ sides, generator, rounds, runMs, purchase: PURCHASE, say });
  generator.stop();
  const serving = {
    small: servingOf(sides.small.gateway),
    big: servingOf(sides.big.gateway),
  };
  await sides.small.gateway.stop();
  await sides.big.gateway.stop();
  return { ...sold, serving };
}

/** @param {import("./scale/gateway.mjs").Serving} gateway */
function servingOf({ pid, readyMs }) {
  return { readyMs, ...memoryOf(pid) };
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  assertRoom(parent, options);
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
