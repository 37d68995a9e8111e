// @ts-check
// Runs wrk on prepared requests, with one thread and one request at a time on each connection, and reads what it found.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measuredMs } from "./wrk-histogram.mjs";

const SCRIPT = fileURLToPath(new URL("wrk.lua", import.meta.url));
/** Between requests in their file; no request holds one. */
const SEPARATOR = "\0";
/** How long the last answers may take; wrk ends by itself then, and the run has failed. */
const DRAIN_SECONDS = 30;
const RESULT = /^BENCH (.*)$/m;
const OTHER = /^OTHER (.+)$/m;

/**
 * @typedef {object} WrkResult
 * @property {number} sent
 * @property {number} answers
 * @property {number} approved
 * @property {number} approvedCents
 * @property {number} elapsedMs 0 where answers were still owed
 * @property {number} failed
 * @property {import("./wrk-histogram.mjs").Histogram} histogram
 * @property {number} paceMicros of one connection: whole time / answers of each connection, as wrk reckons it
 */

/**
 * @param {object} options
 * @param {string} options.url
 * @param {number} options.connections
 * @param {number} options.runMs
 * @param {string[]} options.requests
 * @param {boolean} options.isRepeated whether they are sent again and again, and not each once
 * @param {string} options.folder for the file of requests, which may be long
 * @returns {Promise<import("./load.mjs").Measured>}
 */
export async function runWrk({ url, connections, runMs, requests, isRepeated, folder }) {
  const file = join(folder, "wrk-requests");
  writeFileSync(file, requests.join(SEPARATOR));
  try {
    const seconds = Math.ceil(runMs / 1_000) + DRAIN_SECONDS;
    const lasting = ["--duration", `${seconds}s`, "--timeout", `${DRAIN_SECONDS}s`];
    const size = ["--threads", "1", "--connections", String(connections)];
    const child = spawn("wrk", [...size, ...lasting, "--script", SCRIPT, url], {
      env: {
        ...process.env,
        BENCH_REQUESTS: file,
        BENCH_RUN_MS: String(runMs),
        BENCH_CONNECTIONS: String(connections),
        BENCH_REPEATED: String(isRepeated),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return readWrk(await outputOf(child));
  } finally {
    rmSync(file);
  }
}

/** @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child */
async function outputOf(child) {
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  // The script says on stderr that every request is answered; wrk would sleep on.
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
    if (text.includes("answered")) child.kill("SIGINT");
  });
  await once(child, "close");
  return output;
}

/**
 * @param {string} output of wrk with the bench's script
 * @returns {import("./load.mjs").Measured}
 * @throws Error where a request failed, was answered otherwise or not at all
 */
export function readWrk(output) {
  const found = RESULT.exec(output)?.[1];
  if (found === undefined) throw new Error(`wrk told no result: ${output}`);
  const other = OTHER.exec(output)?.[1];
  if (other !== undefined) throw new Error(`answered ${other}`);
  /** @type {WrkResult} */
  const result = JSON.parse(found);
  const { sent, answers, approved, approvedCents, elapsedMs, failed } = result;
  const { histogram, paceMicros } = result;
  if (failed > 0 || answers !== sent || elapsedMs === 0)
    throw new Error(`wrk sent ${sent} requests, was answered ${answers}, and failed ${failed}`);
  const latenciesMs = measuredMs({ histogram, answers, paceMicros });
  return { latenciesMs, elapsedMs, answers, approved, approvedCents };
}
