// @ts-check
// A gateway that answers before its commit is durable: the wrong that a chaos run must be able to see.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLogger, sqliteDriver, startGateway } from "@pass-tpe/gateway";

/** What is answered meanwhile, a kill takes away. */
const COMMIT_EVERY_MS = 400;

/**
 * A driver that says "synced" and commits later.
 *
 * @param {string} path
 * @returns {import("@pass-tpe/gateway").Driver}
 */
function carelessDriver(path) {
  const driver = sqliteDriver(path);
  let isOpen = false;
  let isBusy = false;
  const commit = () => {
    if (!isOpen || isBusy) return;
    isOpen = false;
    driver.sync();
  };
  setInterval(commit, COMMIT_EVERY_MS).unref();
  return {
    ...driver,
    begin() {
      isBusy = true;
      if (!isOpen) driver.begin();
      isOpen = true;
    },
    sync() {
      isBusy = false;
    },
    rollback() {
      isBusy = false;
      isOpen = false;
      driver.rollback();
    },
    close() {
      isBusy = false;
      commit();
      return driver.close();
    },
  };
}

async function serve() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      data: { type: "string", default: "" },
      "store-key": { type: "string", default: "" },
      programme: { type: "string", default: "" },
      port: { type: "string" },
      "operator-port": { type: "string" },
      "holder-port": { type: "string" },
      "health-port": { type: "string" },
      "terminal-rate": { type: "string" },
      "card-rate": { type: "string" },
    },
  });
  const gateway = await startGateway({
    dataFolder: values.data,
    storeKey: Buffer.from(readFileSync(values["store-key"], "utf8").trim(), "hex"),
    programme: JSON.parse(readFileSync(values.programme, "utf8")),
    port: Number(values.port),
    operatorPort: Number(values["operator-port"]),
    holderPort: Number(values["holder-port"]),
    healthPort: Number(values["health-port"]),
    limits: null,
    log: createLogger({ level: "silent" }),
    makeDriver: carelessDriver,
    // Held to the last life's heads, a ledger that lost its end may refuse to start: the checker has to see it itself.
    headsFile: join(values.data, `heads-${process.pid}.ndjson`),
    onDoubt: () => process.exit(70),
  });
  process.once("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
  process.stdout.write(`${JSON.stringify({ serving: gateway.url, pid: process.pid })}\n`);
}

// Everything but its serving is the real one's.
if (process.argv[2] === "serve") await serve();
else await import(new URL("../../gateway/dist/cli.js", import.meta.url).href);
