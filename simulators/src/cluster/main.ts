// `npm run cluster`: three databases, HAProxy and two gateways on this machine, for tests and for trying.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { EXIT_INTERRUPTED, endBySignals } from "../chaos/ending.js";
import { isUsageError } from "../chaos/options.js";
import { openRemains, type Remains } from "../chaos/remains.js";
import { makeShop } from "../chaos/shop.js";
import { type Cluster, startCluster } from "./cluster.js";
import { createCommands } from "./commands.js";
import { keysFolder, startGateways } from "./gateways.js";
import {
  CLUSTER_HELP,
  type ClusterRunOptions,
  COMMANDS_HELP,
  readClusterOptions,
} from "./options.js";
import { openTill } from "./till.js";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const say = (line: string): void => void process.stderr.write(`cluster: ${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = readClusterOptions(args);
  if (options === null) {
    process.stdout.write(CLUSTER_HELP);
    return 0;
  }
  const stop = new AbortController();
  const remains = openRemains();
  endBySignals({ onFirst: () => stop.abort(), onLast: remains.sweep });
  const { signal } = stop;
  try {
    const cluster = await startCluster({ remains, say, signal });
    try {
      return await run(cluster, { ...options, remains, signal });
    } finally {
      cluster.stop({ keepsFolder: options.keep });
      say(options.keep ? `ended; ${cluster.folder} is kept` : "ended, and nothing is left");
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT_INTERRUPTED;
  }
}

interface Run extends ClusterRunOptions {
  readonly remains: Remains;
  readonly signal: AbortSignal;
}

async function run(cluster: Cluster, { once, remains, signal }: Run): Promise<number> {
  const folder = join(cluster.folder, "shop");
  mkdirSync(folder, { mode: 0o700 });
  const dataFolder = keysFolder(folder);
  const { tills, storeKeyFile } = await makeShop({
    folder,
    dataFolder,
    databaseUrl: cluster.databaseUrl,
    terminals: 1,
    signal,
  });
  const gateways = startGateways({ cluster, remains, folder });
  await gateways.ready();
  signal.throwIfAborted();
  const [first] = tills;
  if (first === undefined) throw new Error("a shop has a till");
  const till = await openTill(first, gateways.url);
  try {
    const commands = createCommands({ cluster, gateways, till, say });
    const isSold = await commands.sell();
    if (once) return isSold ? 0 : EXIT_FAILED;
    // Each gateway exports the heads that it signed, and one that never did has no file: the chain is held to those of all.
    const headsFiles = Object.values(gateways.all).map((one) =>
      join(one.dataFolder, "heads.ndjson"),
    );
    const heads = `$(ls ${headsFiles.join(" ")} 2>/dev/null | sed 's/^/--heads /')`;
    process.stdout.write(`
terminals    ${gateways.url} (credentials in ${first.credentials})
operators    ${gateways.operatorUrl}
gateways     ${gateways.all.gw1.healthUrl}/readyz, ${gateways.all.gw2.healthUrl}/readyz
data, logs   ${cluster.folder}
verify       DATABASE_URL='${cluster.databaseUrl}' npx pass-tpe verify --data ${gateways.all.gw1.dataFolder} --store-key ${storeKeyFile} ${heads}

Commands, one a line:
${COMMANDS_HELP}

`);
    await takeCommands(commands.take, signal);
    return signal.aborted ? EXIT_INTERRUPTED : 0;
  } finally {
    await till.close();
  }
}

/** Until `quit`, or the signal. Where nobody types, it goes on until the signal. */
async function takeCommands(
  take: (line: string) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  // Keeps the process where its input has ended.
  const alive = setInterval(() => undefined, 60_000);
  let queue = Promise.resolve();
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    lines.on("line", (line) => {
      queue = queue.then(async () => {
        if (!signal.aborted && !(await take(line))) resolve();
      });
    });
  });
  clearInterval(alive);
  lines.close();
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const usage = isUsageError(error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `npm run cluster: ${usage && error instanceof Error ? error.message : text}\n`,
    );
    return usage ? EXIT_USAGE : EXIT_FAILED;
  })
  .then((code) => process.exit(code));
