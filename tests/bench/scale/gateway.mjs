// @ts-check
// The gateway as a process of its own, as an operator starts it.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../processes.mjs";

/** The built command line. */
export const GATEWAY = fileURLToPath(new URL("../../../gateway/dist/cli.js", import.meta.url));

/** @typedef {{ url: string, operatorUrl: string, pid: number, stop: () => Promise<void> }} Serving */

/** @param {import("./shop.mjs").Shop} shop @returns {Promise<Serving>} */
export async function serve({ folder, programmeFile }) {
  const options = ["--data", folder, "--programme", programmeFile];
  const { addresses, stop } = await startServer({
    args: [GATEWAY, "serve", ...options, "--port", "0", "--health-port", "0"],
    logFile: join(folder, "gateway.log"),
  });
  const { serving = "", operators = "", pid } = addresses;
  return { url: serving, operatorUrl: operators, pid: Number(pid), stop };
}
