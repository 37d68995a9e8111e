// @ts-check
// PostgreSQL's own benchmark (TPC-B, scale 10) over a Unix socket: what an ordinary durable database does here.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const SCALE = 10;
const LOG_PREFIX = "pgbench-log";
/** Of a line of its log: client, transaction, microseconds, … */
const LATENCY_COLUMN = 2;
const RATE = /^tps = ([0-9.]+) /m;
/** A first run after the data was made writes whole pages to the log: it is no measurement. */
const WARM_UP_CLIENTS = 8;

/** @param {import("./postgres.mjs").Postgres} postgres @param {{ warmUpMs: number }} options */
export async function preparePgbench(postgres, { warmUpMs }) {
  await postgres.run("pgbench", ["-i", "-q", "-s", String(SCALE)]);
  await runPgbench(postgres, { clients: WARM_UP_CLIENTS, runMs: warmUpMs });
}

/**
 * @param {import("./postgres.mjs").Postgres} postgres
 * @param {{ clients: number, runMs: number }} options of runMs whole seconds are taken, at least one
 * @returns {Promise<import("./figures.mjs").Sample>}
 */
export async function runPgbench(postgres, { clients, runMs }) {
  const seconds = Math.max(1, Math.round(runMs / 1_000));
  const threads = Math.min(clients, cpus().length);
  const size = ["-c", String(clients), "-j", String(threads), "-T", String(seconds)];
  const output = await postgres.run("pgbench", ["-n", ...size, "-l", `--log-prefix=${LOG_PREFIX}`]);
  const paths = readdirSync(postgres.logs)
    .filter((name) => name.startsWith(LOG_PREFIX))
    .map((name) => join(postgres.logs, name));
  const logs = paths.map((path) => readFileSync(path, "utf8"));
  for (const path of paths) rmSync(path);
  return readPgbench({ output, log: logs.join("") });
}

/**
 * @param {{ output: string, log: string }} told by pgbench
 * @returns {import("./figures.mjs").Sample}
 */
export function readPgbench({ output, log }) {
  const perSecond = Number(RATE.exec(output)?.[1]);
  const lines = log.split("\n").filter((line) => line !== "");
  const latencies = lines.map((line) => Number(line.split(" ")[LATENCY_COLUMN]) / 1_000);
  if (!(perSecond > 0) || latencies.length === 0 || latencies.some(Number.isNaN))
    throw new Error(`pgbench told no result: ${output}`);
  const elapsedMs = (latencies.length * 1_000) / perSecond;
  const latenciesMs = Float64Array.from(latencies);
  return { generator: "pgbench", answers: latencies.length, latenciesMs, elapsedMs };
}
