// The built gateway as a process of its own.

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { storeKeyFile } from "../support/store-key.js";
import { type ServingProcess, startServing } from "./serving-process.js";

const CLI = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));

export interface GatewayProcessOptions {
  readonly dataFolder: string;
  readonly programmeFile: string;
  /** A command that runs the gateway below it, such as strace with its options. */
  readonly under?: readonly string[];
  /** More options of `pass-tpe serve`. */
  readonly options?: readonly string[];
  /** Where it archives its ledger. */
  readonly archive?: string;
  /** Its environment's DATABASE_URL. */
  readonly databaseUrl?: string;
}

/** Throws where the build is missing: these tests run what `npm run build` made, not the sources. */
export function assertBuilt(file: string): void {
  if (!existsSync(file)) throw new Error(`${file} is missing; run \`npm run build\` first`);
}

/** Starts a gateway on a data folder, on ports that the system chooses. Resolves once it serves. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<ServingProcess> {
  assertBuilt(CLI);
  const { dataFolder, programmeFile, archive, databaseUrl, under = [] } = options;
  const { options: more = [] } = options;
  const serve = ["serve", "--data", dataFolder, "--programme", programmeFile];
  const storeKey = ["--store-key", storeKeyFile(dirname(programmeFile))];
  const ports = ["--port", "0", "--health-port", "0"];
  // Few cards and terminals do here what a whole estate does: these tests are about what is stored, not how often.
  const noLimits = ["--terminal-rate", "0", "--card-rate", "0"];
  const archived = archive === undefined ? [] : ["--archive", archive];
  const command = [
    process.execPath,
    CLI,
    ...serve,
    ...storeKey,
    ...ports,
    ...noLimits,
    ...archived,
    ...more,
  ];
  const environment = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  return startServing([...under, ...command], environment);
}
