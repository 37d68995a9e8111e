// @ts-check
// A PostgreSQL server on a Unix socket that ends with this process, however that ends, and leaves nothing behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { giveTo, programPath, runProgram, USER } from "./programs.mjs";

const LOOK_EVERY_MS = 20;
const START_TIMEOUT_MS = 20_000;
/** Every server has a folder for its socket, and so they are all on one port. */
export const PORT = 5432;

/** Outlives this process: its input ends with it. The server's children leave with an immediate stop. */
const WATCHER = 'read -r _; "$1" stop -s -m immediate -D "$2"; rm -rf "$2" "$3"';

/** @typedef {import("./programs.mjs").RunAs} RunAs */
/**
 * @typedef {object} Server
 * @property {string} sockets the folder with its socket; gone when it is stopped
 * @property {number} pid
 * @property {() => Promise<void>} stop at once, as if it had crashed; its folders are removed
 */

/**
 * @param {object} options
 * @param {RunAs} options.runAs
 * @param {string} [options.under] where its own folder is made; the path is short, and its account may write there
 * @param {string} [options.data] its data folder; one in its own folder where none is named
 * @param {(data: string) => void} [options.make] makes that one, where it is not there yet
 * @param {Readonly<Record<string, string>>} [options.settings] where it is not to be as it comes
 * @returns {Promise<Server>} once it serves
 */
export async function startServer({ runAs, under = tmpdir(), data: named, make, settings = {} }) {
  // A socket's path has room for some hundred characters only.
  const sockets = mkdtempSync(join(under, "pass-tpe-pg-"));
  giveTo(sockets, runAs);
  const data = named ?? join(sockets, "data");
  const watch = [WATCHER, "sh", programPath("pg_ctl"), data, sockets];
  const watcher = spawn("sh", ["-c", ...watch], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: tmpdir(),
    // What a terminal tells all that it started, an interrupt, is not for it.
    detached: true,
    ...runAs,
  });
  const stop = async () => {
    const ended = once(watcher, "close");
    watcher.stdin.end();
    await ended;
    // Its account may remove what is in a folder, but not every folder.
    for (const folder of [data, sockets]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    make?.(data);
    const pid = await serve({ data, sockets, settings, runAs });
    return { sockets, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {{ data: string, sockets: string, settings: Readonly<Record<string, string>>, runAs: RunAs }} options
 * @returns {Promise<number>} its process, once it serves
 */
async function serve({ data, sockets, settings, runAs }) {
  const logFile = join(sockets, "log");
  const log = openSync(logFile, "w");
  const own = { ...settings, listen_addresses: "", unix_socket_directories: sockets };
  const set = Object.entries(own).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const args = ["-D", data, "-p", String(PORT), ...set];
  const stdio = /** @type {const} */ (["ignore", log, log]);
  const server = spawn(programPath("postgres"), args, {
    stdio: [...stdio],
    cwd: tmpdir(),
    detached: true,
    ...runAs,
  });
  closeSync(log);
  const ask = ["-q", "-h", sockets, "-p", String(PORT), "-U", USER];
  const givesUpMs = performance.now() + START_TIMEOUT_MS;
  while (runProgram("pg_isready", ask, runAs).status !== 0) {
    if (server.exitCode !== null || performance.now() > givesUpMs)
      throw new Error(`PostgreSQL does not serve: ${readFileSync(logFile, "utf8")}`);
    await sleep(LOOK_EVERY_MS);
  }
  if (server.pid === undefined) throw new Error("a server that serves has a process");
  return server.pid;
}
