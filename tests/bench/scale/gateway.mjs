// @ts-check
// The gateway as a process of its own, as an operator starts it.

import { join } from "node:path";
import { PASS_TPE } from "../gateway-command.mjs";
import { startServer } from "../processes.mjs";
import { storeKeyFile } from "../store-key.mjs";

/** @typedef {{ url: string, operatorUrl: string, pid: number, readyMs: number, stop: () => Promise<void> }} Serving readyMs: from its start until it serves */

/** @param {import("./shop.mjs").Shop} shop @returns {Promise<Serving>} */
export async function serve({ folder, programmeFile }) {
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  // One terminal stands for a whole estate here: what is measured is the gateway, not the limits of one till.
  const noLimits = ["--terminal-rate", "0", "--card-rate", "0"];
  const options = [...data, "--programme", programmeFile, ...noLimits];
  const startedMs = performance.now();
  const { addresses, stop } = await startServer({
    args: [...PASS_TPE, "serve", ...options, "--port", "0", "--health-port", "0"],
    logFile: join(folder, "gateway.log"),
  });
  const readyMs = performance.now() - startedMs;
  const { serving = "", operators = "", pid } = addresses;
  return { url: serving, operatorUrl: operators, pid: Number(pid), readyMs, stop };
}
