// @ts-check
// The bench's children: servers that print one line of JSON once they serve, and the load generator.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const LOOK_EVERY_MS = 20;
const START_TIMEOUT_MS = 30_000;
/** What a run of the generator throws away has room until its end, and is collected before the next (load.mjs). */
const GENERATOR_FLAGS = ["--max-semi-space-size=128", "--expose-gc"];

/** Children that have not ended. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends whatever a failed bench has left running. */
export function killAll() {
  for (const child of running) child.kill("SIGKILL");
}

/** Has it ended with the bench, however that ends. @param {import("node:child_process").ChildProcess} child */
export function keepTrackOf(child) {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/**
 * Starts a server. Its output goes to a file, so that reading its log costs this machine nothing while it is measured.
 *
 * @param {{ args: readonly string[], logFile: string }} options args for node
 * @returns {Promise<{ addresses: Record<string, string>, pid: number, stop: () => Promise<void> }>}
 */
export async function startServer({ args, logFile }) {
  const log = openSync(logFile, "w");
  const child = spawn(process.execPath, args, { stdio: ["ignore", log, "inherit"] });
  closeSync(log);
  keepTrackOf(child);
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const givesUpMs = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < givesUpMs) {
    const addresses = servingLine(readFileSync(logFile, "utf8"));
    if (addresses && child.pid !== undefined) return { addresses, pid: child.pid, stop };
    await sleep(LOOK_EVERY_MS);
  }
  await stop();
  throw new Error(`${args.join(" ")} did not serve; its output: ${readFileSync(logFile, "utf8")}`);
}

/** @param {string} log @returns {Record<string, string> | undefined} */
function servingLine(log) {
  const whole = log.split("\n").slice(0, -1);
  return whole.map((line) => JSON.parse(line)).find(({ serving }) => typeof serving === "string");
}

/**
 * Runs a command of this program to its end. What it tells on stderr is told on.
 *
 * @param {readonly string[]} args for node
 * @returns {Promise<{ stdout: string, exitCode: number | null }>}
 */
export async function runToEnd(args) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  keepTrackOf(child);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const [exitCode] = await once(child, "close");
  return { stdout, exitCode };
}

/**
 * Starts the load generator.
 *
 * @param {import("./load.mjs").Supplies} supplies
 */
export function startGenerator(supplies) {
  const path = fileURLToPath(new URL("load.mjs", import.meta.url));
  const child = fork(path, { serialization: "advanced", execArgv: GENERATOR_FLAGS });
  keepTrackOf(child);
  child.send(supplies);
  const ended = once(child, "exit").then(() => [{ failure: "the load generator ended" }]);
  return {
    /** @param {import("./load.mjs").Job} job @returns {Promise<import("./load.mjs").Measured>} */
    async run(job) {
      child.send(job);
      const [{ measured, failure }] = await Promise.race([once(child, "message"), ended]);
      if (failure !== undefined) throw new Error(`${job.kind}: ${failure}`);
      return measured;
    },
    stop: () => void child.kill(),
  };
}
