// @ts-check
// Runs `pass-tpe copy` as an operator does, and says how long it took and what memory it needed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { PASS_TPE } from "../gateway-command.mjs";
import { keepTrackOf } from "../processes.mjs";
import { memoryOf } from "../scale/process-figures.mjs";

const LOOK_EVERY_MS = 100;

/** @typedef {{ seconds: number, copySeconds: number, rows: number, peakResidentBytes: number }} Move seconds: of the whole command */

/**
 * @param {"to-database" | "to-file"} direction
 * @param {{ path: string, url: string }} places
 * @returns {Promise<Move>}
 */
export async function moveLedger(direction, { path, url }) {
  const startedMs = performance.now();
  const words = ["copy", direction, "--data", path, "--database", url, "--json"];
  const child = spawn(process.execPath, [...PASS_TPE, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  keepTrackOf(child);
  const { pid } = child;
  let peakResidentBytes = 0;
  const looking = setInterval(() => {
    if (pid !== undefined && child.exitCode === null)
      peakResidentBytes = peakOf(pid) ?? peakResidentBytes;
  }, LOOK_EVERY_MS);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const [exitCode] = await once(child, "close");
  clearInterval(looking);
  if (exitCode !== 0) throw new Error(`pass-tpe copy ended with ${exitCode}`);
  const { seconds: copySeconds, rows } = JSON.parse(stdout);
  return { seconds: (performance.now() - startedMs) / 1_000, copySeconds, rows, peakResidentBytes };
}

/** @param {number} pid @returns {number | null} null where it has just ended */
function peakOf(pid) {
  try {
    return memoryOf(pid).peakResidentBytes;
  } catch {
    return null;
  }
}
