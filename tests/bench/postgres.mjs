// @ts-check
// A PostgreSQL of the bench's own, with its default durability, in a folder on the disk that is measured; or why there is none.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DATABASE,
  findPostgres,
  giveTo,
  makeData,
  programPath,
  USER,
} from "../support/postgres/programs.mjs";
import { startServer } from "../support/postgres/server.mjs";
import { keepTrackOf } from "./processes.mjs";

/** @typedef {import("../support/postgres/programs.mjs").RunAs} RunAs */
/**
 * @typedef {object} Postgres
 * @property {(program: string, args: readonly string[]) => Promise<string>} run runs one of its programs on the database; gives its stdout
 * @property {(database: string) => Promise<string>} database makes one; gives its URL
 * @property {string} logs a folder that its programs may write to
 * @property {() => number[]} pids of all its processes
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} folder on the disk; the server's account must be able to reach it
 * @returns {Promise<Postgres | { missing: string }>}
 */
export async function startPostgres(folder) {
  const found = findPostgres();
  if ("missing" in found) return found;
  const { runAs } = found;
  mkdirSync(folder);
  // Another account passes through it; what else is in it is its owner's alone.
  chmodSync(join(folder, ".."), 0o711);
  giveTo(folder, runAs);
  const data = join(folder, "data");
  const failure = makeData(data, { runAs });
  if (failure !== null) return { missing: failure };
  const { sockets, pid, stop } = await startServer({ runAs, data });
  const run = programRunner({ sockets, folder, runAs });
  return {
    logs: folder,
    run,
    async database(name) {
      await run("psql", ["-q", "-c", `CREATE DATABASE ${name}`]);
      return `postgres://${USER}@localhost/${name}?host=${encodeURIComponent(sockets)}`;
    },
    pids: () => [pid, ...childrenOf(pid)],
    stop,
  };
}

/** @param {{ sockets: string, folder: string, runAs: RunAs }} options @returns {Postgres["run"]} */
function programRunner({ sockets, folder, runAs }) {
  return async (program, args) => {
    const at = ["-h", sockets, "-U", USER];
    const child = spawn(programPath(program), [...at, ...args, DATABASE], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: folder,
      ...runAs,
    });
    keepTrackOf(child);
    const told = { stdout: "", stderr: "" };
    for (const stream of /** @type {const} */ (["stdout", "stderr"]))
      child[stream].setEncoding("utf8").on("data", (text) => {
        told[stream] += text;
      });
    const [status] = await once(child, "close");
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${told.stderr}`);
    return told.stdout;
  };
}

/** @param {number} pid @returns {number[]} */
function childrenOf(pid) {
  const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return all.filter((one) => parentOf(one) === pid);
}

/** @param {number} pid @returns {number | null} null where it has ended */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}
