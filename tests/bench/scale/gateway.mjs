// @ts-check
// The gateway as a process of its own, as an operator starts it.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../processes.mjs";
import { storeKeyFile } from "../store-key.mjs";

/** The built command line. */
export const GATEWAY = fileURLToPath(new URL("../../../gateway/dist/cli.js", import.meta.url));

/** @typedef {{ url: string, operatorUrl: string, pid: number, stop: () => Promise<void> }} Serving */

/** @param {import("./shop.mjs").Shop} shop @returns {Promise<Serving>} */
export async function serve({ folder, programmeFile }) {
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  // One terminal stands for a whole estate here: what is measured is the gateway, not the limits of one till.
  const noLimits = ["--terminal-rate", "0", "--card-rate", "0"];
  const options = [...data, "--programme", programmeFile, ...noLimits];
  const { addresses, stop } = await startServer({
    args: [GATEWAY, "serve", ...options, "--port", "0", "--health-port", "0"],
    logFile: join(folder, "gateway.log"),
  });
  const { serving = "", operators = "", pid } = addresses;
  return { url: serving, operatorUrl: operators, pid: Number(pid), stop };
}
