// The built gateway as a process of its own.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ServingProcess, startServing } from "./serving-process.js";

const CLI = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));

export interface GatewayProcessOptions {
  readonly dataFolder: string;
  readonly programmeFile: string;
  /** A command that runs the gateway below it, such as strace with its options. */
  readonly under?: readonly string[];
}

/** Throws where the build is missing: these tests run what `npm run build` made, not the sources. */
export function assertBuilt(file: string): void {
  if (!existsSync(file)) throw new Error(`${file} is missing; run \`npm run build\` first`);
}

/** Starts a gateway on a data folder, on ports that the system chooses. Resolves once it serves. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<ServingProcess> {
  assertBuilt(CLI);
  const { dataFolder, programmeFile, under = [] } = options;
  const serve = ["serve", "--data", dataFolder, "--programme", programmeFile];
  const ports = ["--port", "0", "--health-port", "0"];
  return startServing([...under, process.execPath, CLI, ...serve, ...ports]);
}
