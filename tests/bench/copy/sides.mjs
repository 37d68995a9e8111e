// @ts-check
// What one side of a move holds and answers, and whether another side is the same.
import { createHash } from "node:crypto";
import { createLogger } from "@pass-tpe/gateway";
import { systemClock } from "../../../gateway/dist/main.js";
import { openAssembly } from "../assembly.mjs";
import { PASS_TPE } from "../gateway-command.mjs";
import { runToEnd } from "../processes.mjs";
import { storeKeyFile } from "../store-key.mjs";

/**
 * @typedef {object} Side
 * @property {number} grants
 * @property {number} spentUnits of all
 * @property {string} balances SHA-256 of every account, grant and what was spent of it
 * @property {{ no: number, hash: string } | null} lastLink
 * @property {number} headCount
 * @property {string} heads SHA-256 of all signed heads
 * @property {string[]} replayed the answers to what was sent again
 * @property {object | null} verified what `pass-tpe verify` says; null where it was not asked
 * @property {number | null} verifySeconds
 */

/**
 * @param {object} options
 * @param {string} options.path the data folder
 * @param {string} [options.url] of the database, where the ledger is not in the folder
 * @param {import("./past.mjs").Shop} options.shop
 * @param {import("./past.mjs").Command[]} options.samples
 * @param {boolean} options.verify
 * @returns {Promise<Side>}
 */
export async function lookAt({ path, url, shop, samples, verify }) {
  const { verified, verifySeconds } = verify ? await verifySide(path, url) : NOT_VERIFIED;
  const log = createLogger({ level: "silent" });
  const at = url === undefined ? {} : { url };
  const { programme } = shop;
  const { assembly, driver, close } = await openAssembly({ path, programme, log, ...at });
  const balances = createHash("sha256");
  let [grants, spentUnits] = [0, 0];
  for await (const grant of driver.ledger().grants()) {
    balances.update(`${grant.accountId} ${grant.id} ${grant.spent}\n`);
    grants += 1;
    spentUnits += grant.spent;
  }
  const heads = createHash("sha256");
  let headCount = 0;
  for await (const { no, hash, atMs, signature } of driver.chain.heads()) {
    heads.update(`${no} ${hex(hash)} ${atMs} ${hex(signature)}\n`);
    headCount += 1;
  }
  const last = await driver.chain.lastLink();
  const replayed = [];
  for (const command of samples) {
    const isSale = command.type === "authorize";
    const now = { receivedAtMonotonicMs: systemClock.monotonicMs() };
    const answer = await assembly.store.execute(isSale ? { ...command, ...now } : command);
    replayed.push(JSON.stringify({ ...answer, timings: null }));
  }
  await close();
  return {
    ...{ grants, spentUnits, balances: balances.digest("hex") },
    lastLink: last && { no: last.no, hash: hex(last.hash) },
    ...{ headCount, heads: heads.digest("hex"), replayed, verified, verifySeconds },
  };
}

const NOT_VERIFIED = { verified: null, verifySeconds: null };

/** @param {string} path @param {string | undefined} url */
async function verifySide(path, url) {
  const startedMs = performance.now();
  const place = ["--data", path, ...(url === undefined ? [] : ["--database", url])];
  const key = ["--store-key", storeKeyFile(path)];
  const { stdout, exitCode } = await runToEnd([...PASS_TPE, "verify", ...place, ...key, "--json"]);
  if (exitCode !== 0) throw new Error(`pass-tpe verify ended with ${exitCode}: ${stdout}`);
  return { verified: JSON.parse(stdout), verifySeconds: (performance.now() - startedMs) / 1_000 };
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** @param {string} name @param {Side} first @param {Side} other @returns {string[]} what is not the same */
export function differences(name, first, other) {
  const { verifySeconds: _, ...wanted } = first;
  const found = Object.entries(wanted).filter(
    ([key, value]) =>
      JSON.stringify(value) !== JSON.stringify(other[/** @type {keyof Side} */ (key)]),
  );
  return found.map(([key, value]) => {
    const now = other[/** @type {keyof Side} */ (key)];
    if (!Array.isArray(value) || !Array.isArray(now)) return `${name} differs in ${key}`;
    const at = value.findIndex((one, index) => one !== now[index]);
    return `${name} differs in ${key}: ${value[at]} is ${now[at]}`;
  });
}
