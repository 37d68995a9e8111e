// @ts-check
// Installs the npm packages when node_modules is not the one that this lock file and this Node need.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run, runStep, StepError, say } from "./command.mjs";

const STAMP = join(ROOT, "node_modules/.pass-tpe-installed");
/**
 * Not `npm ci`: it refuses a lock file that leaves out an optional package for another platform which the registry
 * in use does not serve. With --no-save the lock file still decides every version and is not written; the build and
 * the tests need all kinds of packages, whatever the user's own configuration leaves out.
 */
const INSTALL = ["install", "--no-save", "--include=dev", "--include=optional"];
const TITLE = "set-up: packages";
const NOTE =
  "a native module for which no prebuilt binary can be fetched is compiled from source: that takes minutes";

/** What to do, by what the failed output says; the first that fits. @type {readonly (readonly [RegExp, string])[]} */
const ADVICE = [
  [
    /find Python|not found: make|(make|cc|g\+\+|c\+\+): (not found|No such file)|spawn make ENOENT|`make` failed/i,
    "A native module could not be compiled. Install a compiler, then start again: apt-get install -y build-essential python3",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT/,
    "The package registry does not answer: check the network and `npm config get registry`, then start again.",
  ],
  [/ENOSPC/, "The disk is full: make room, then start again."],
  [/EACCES|EPERM/, "This user may not write here: check who owns the checkout and ~/.npm."],
];

/** @param {string} output @returns {string} */
export function installAdvice(output) {
  const found = ADVICE.find(([sign]) => sign.test(output));
  return found?.[1] ?? "npm names its full log above.";
}

/** A native module is compiled for one ABI of one platform. */
const MACHINE = `${process.platform}-${process.arch} abi ${process.versions.modules}`;

/**
 * @param {{ quiet: boolean }} options
 * @throws {StepError} with what to do
 */
export async function ensurePackages({ quiet }) {
  const lockFile = readFileSync(join(ROOT, "package-lock.json"));
  const wanted = `${createHash("sha256").update(lockFile).digest("hex")} ${MACHINE}`;
  const found = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (found === wanted) return;
  // An interrupted install has no stamp and starts afresh; so does one made for another machine or Node.
  const stale = found.endsWith(MACHINE) ? STAMP : join(ROOT, "node_modules");
  rmSync(stale, { recursive: true, force: true });
  await runStep({
    title: TITLE,
    command: "npm",
    args: INSTALL,
    note: NOTE,
    quiet,
    advise: installAdvice,
  });
  if (!(await loads("new (require('better-sqlite3'))(':memory:').close()"))) {
    throw new StepError(
      `${TITLE}: better-sqlite3 was installed without its native part. If \`npm config get ignore-scripts\` says true, set it to false; then run \`npm rebuild better-sqlite3\` to see why.`,
    );
  }
  writeFileSync(STAMP, wanted);
}

/** @returns {Promise<boolean>} whether the native part of the optional nfc-pcsc is there */
export const hasPcscModule = () => loads("require('nfc-pcsc')");

/**
 * Brings the optional nfc-pcsc, which npm leaves out when libpcsclite-dev or a compiler is missing at that time.
 * Call it when they are there. A failure is told, not thrown: the package is optional.
 * @param {{ quiet: boolean }} options
 */
export async function ensurePcscModule({ quiet }) {
  if (await hasPcscModule()) return;
  const args = existsSync(join(ROOT, "node_modules/@pokusew/pcsclite"))
    ? ["rebuild", "@pokusew/pcsclite"]
    : INSTALL;
  const title = "set-up: nfc-pcsc";
  const { elapsedMs } = await run({ title, command: "npm", args, note: "compiled", quiet });
  const result = (await hasPcscModule()) ? "done" : "could not be built";
  say(`${title}: ${result} in ${(elapsedMs / 1000).toFixed(1)} s`);
}

/** @param {string} script @returns {Promise<boolean>} whether it runs in a process of its own */
async function loads(script) {
  const title = "set-up: native modules";
  return (await run({ title, command: "node", args: ["-e", script], quiet: true })).ok;
}
