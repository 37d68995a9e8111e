// @ts-check
// Loads a population into a gateway with `pass-tpe load`, while a till sells, and measures time, disk and memory.
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PASS_TPE } from "../gateway-command.mjs";
import { runToEnd } from "../processes.mjs";
import { serve } from "./gateway.mjs";
import { writeBulkFile } from "./population.mjs";
import { cpuMsOf, memoryOf } from "./process-figures.mjs";
import { openTill } from "./till.mjs";

/** The first to be loaded: whoever comes to the till while the others are. */
const AT_THE_TILL = 50;
/** Garbage is collected and the log written out by then. */
const SETTLE_MS = 3_000;
const LOOK_EVERY_MS = 250;

/**
 * @typedef {object} LoadFigures
 * @property {number} beneficiaries
 * @property {number} events
 * @property {number} applied as `pass-tpe load` counts
 * @property {number} grants that the population must have
 * @property {number} seconds
 * @property {number} eventsPerSecond
 * @property {number} beneficiariesPerSecond
 * @property {number} cpuMsPerEvent of the gateway, sales at the till included
 * @property {number} peakResidentBytes
 * @property {number} residentBytes when it is over
 * @property {number} peakWalBytes
 * @property {number} databaseBytes closed, with all of the log in it
 * @property {import("./till.mjs").TillFigures} till
 */

/**
 * @param {object} options
 * @param {import("./shop.mjs").Shop} options.shop
 * @param {number} options.beneficiaries
 * @param {import("../requests.mjs").Purchase} options.purchase
 * @returns {Promise<LoadFigures>} the gateway has ended by then
 */
export async function loadPopulation({ shop, beneficiaries, purchase }) {
  const { folder, terminals, cardOf } = shop;
  const early = bulkFile(join(folder, "early.ndjson"), { from: 0, to: AT_THE_TILL });
  const rest = bulkFile(join(folder, "rest.ndjson"), { from: AT_THE_TILL, to: beneficiaries });
  const gateway = await serve(shop);
  const terminal = terminals[0];
  if (terminal === undefined) throw new Error("the shop has no terminal");
  const appliedEarly = await load({ shop, gateway, path: early.path });
  const cards = Array.from({ length: AT_THE_TILL }, (_, index) => cardOf(index, 0));
  const till = await openTill({ url: gateway.url, terminal, cards, purchase });
  const wal = watchSize(join(folder, "gateway.db-wal"));
  const startedMs = performance.now();
  const startedCpuMs = cpuMsOf(gateway.pid);
  const appliedRest = await load({ shop, gateway, path: rest.path });
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpuMs = cpuMsOf(gateway.pid) - startedCpuMs;
  const tillFigures = await till.stop();
  await sleep(SETTLE_MS);
  const memory = memoryOf(gateway.pid);
  const peakWalBytes = wal.stop();
  await gateway.stop();
  return {
    beneficiaries,
    events: early.events + rest.events,
    applied: appliedEarly + appliedRest,
    grants: early.grants + rest.grants,
    seconds,
    eventsPerSecond: rest.events / seconds,
    beneficiariesPerSecond: (beneficiaries - AT_THE_TILL) / seconds,
    cpuMsPerEvent: cpuMs / rest.events,
    ...memory,
    peakWalBytes,
    databaseBytes: statSync(join(folder, "gateway.db")).size,
    till: tillFigures,
  };
}

/** @param {string} path @param {{ from: number, to: number }} people */
function bulkFile(path, people) {
  return { path, ...writeBulkFile({ path, ...people }) };
}

/**
 * @param {{ shop: import("./shop.mjs").Shop, gateway: import("./gateway.mjs").Serving, path: string }} options
 * @returns {Promise<number>} how many events it applied
 */
async function load({ shop, gateway, path }) {
  const options = ["--url", gateway.operatorUrl, "--credentials", shop.credentialsFile, "--json"];
  const { stdout, exitCode } = await runToEnd([...PASS_TPE, "load", path, ...options]);
  if (exitCode !== 0) throw new Error(`pass-tpe load ended with ${exitCode}: ${stdout}`);
  rmSync(path);
  return JSON.parse(stdout).applied;
}

/** @param {string} path @returns {{ stop: () => number }} gives the largest that the file was */
function watchSize(path) {
  let largest = 0;
  const look = () => {
    largest = Math.max(largest, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return largest;
    },
  };
}
