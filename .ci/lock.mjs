// @ts-check
// One set-up at a time in one checkout: a lock folder that names its owner's process.
import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StepError, say } from "./command.mjs";

const RETRY_EVERY_MS = 250;
const LONGEST_WAIT_MS = 30 * 60_000;
/** An owner writes its number right after it made the folder; without one after this time it died between the two. */
const NAMELESS_FOR_MS = 10_000;

/**
 * Runs `work` while this process holds the lock; waits, with a message, while another one does.
 * @template T
 * @param {string} folder the lock; made here, removed afterwards
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {StepError} after 30 minutes of waiting
 */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true });
  const givesUpAtMs = Date.now() + LONGEST_WAIT_MS;
  let told = false;
  while (!take(folder) && !takeOver(folder)) {
    if (Date.now() > givesUpAtMs) {
      throw new StepError(
        `Another set-up (process ${owner(folder)}) has held ${folder} for 30 minutes. If it is not running, remove that folder and start again.`,
      );
    }
    if (!told)
      say(`waiting for another set-up of this checkout (process ${owner(folder) ?? "unknown"})`);
    told = true;
    await sleep(RETRY_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @returns {boolean} whether the lock was free and is now ours */
function take(folder) {
  if (!attempt(() => mkdirSync(folder))) return false;
  sign(folder);
  return true;
}

/**
 * Takes the lock of a dead process. The inner folder lets one successor in, and the owner is read again inside,
 * so that two successors that saw the same dead owner cannot both win.
 * @param {string} folder
 * @returns {boolean} whether the lock is now ours
 */
function takeOver(folder) {
  const dead = owner(folder);
  if (!isAbandoned(folder, dead)) return false;
  const door = join(folder, "successor");
  if (!attempt(() => mkdirSync(door))) return false;
  const ours = owner(folder) === dead && attempt(() => sign(folder));
  attempt(() => rmdirSync(door));
  return ours;
}

/** @param {string} folder */
const sign = (folder) => writeFileSync(join(folder, "pid"), String(process.pid));

/** @param {string} folder @returns {number | undefined} the process that holds the lock */
function owner(folder) {
  let pid = 0;
  attempt(() => {
    pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  });
  return pid > 0 ? pid : undefined;
}

/** @param {string} folder @param {number | undefined} pid its owner */
function isAbandoned(folder, pid) {
  if (pid !== undefined) return !isAlive(pid);
  const made = statSync(folder, { throwIfNoEntry: false });
  return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_FOR_MS;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"; // alive, and someone else's
  }
}

/**
 * Does something that another process may have made impossible in the meantime.
 * @param {() => void} action
 * @returns {boolean} whether it was done
 */
function attempt(action) {
  try {
    action();
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
}
