// @ts-check
// Debian's PostgreSQL 15: where its programs are, and who runs them where we are root.
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian's package puts what is not for everybody's path. */
const PROGRAMS = "/usr/lib/postgresql/15/bin";
/** Who runs a server where we are root, whom it refuses. The package makes the account. */
const ACCOUNT = "postgres";
/** The superuser of every server of ours, and the database that it always has. */
export const USER = "postgres";
export const DATABASE = "postgres";

/** For `spawn`: whom a program runs as; nothing in it where that is whoever we are. @typedef {{ uid?: number, gid?: number }} RunAs */

/** @param {string} name */
export const programPath = (name) => join(PROGRAMS, name);

/** @returns {{ runAs: RunAs } | { missing: string }} why no server can be started here, where none can */
export function findPostgres() {
  if (!existsSync(programPath("postgres"))) return { missing: `no PostgreSQL in ${PROGRAMS}` };
  if (process.getuid?.() !== 0) return { runAs: {} };
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const found = accounts.find((line) => line.startsWith(`${ACCOUNT}:`))?.split(":");
  if (found === undefined)
    return { missing: `root runs no PostgreSQL, and there is no ${ACCOUNT}` };
  return { runAs: { uid: Number(found[2]), gid: Number(found[3]) } };
}

/** @param {string} folder @param {RunAs} runAs */
export function giveTo(folder, { uid, gid }) {
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
}

/** Runs one of its programs to the end. @param {string} name @param {readonly string[]} args @param {RunAs} runAs */
export function runProgram(name, args, runAs) {
  return spawnSync(programPath(name), args, { encoding: "utf8", cwd: tmpdir(), ...runAs });
}

/**
 * Makes a data folder for a server that lives no longer than this process.
 *
 * @param {string} data
 * @param {{ runAs: RunAs, args?: readonly string[] }} options args: more of them for initdb
 * @returns {string | null} why there is none; null where it is made
 */
export function makeData(data, { runAs, args = [] }) {
  const usual = ["-D", data, "-A", "trust", "-U", USER, "--no-sync", "--no-instructions"];
  const { status, stderr } = runProgram("initdb", [...usual, ...args], runAs);
  return status === 0 ? null : `initdb failed: ${stderr.trim().split("\n").at(-1)}`;
}
