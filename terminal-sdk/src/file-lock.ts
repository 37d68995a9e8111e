// Keeps a second process from a file that only one may use, with a lock beside it that names its owner.

import { type LeaseFolder, nodeFolder, realPathOf } from "./lease/folder.js";
import { FileInUseError, type Held, succeed } from "./lease/succession.js";
import { lives, thisProcess } from "./lock-owner.js";

/** Other processes may come and go while a lock is taken; after so many beginnings somebody else has it. */
const TRIES_MAX = 10;

/**
 * Takes the lock beside a file. A lock is a hard link to a file that already says whose it is, so nobody ever sees
 * one without an owner. One left by a process that has died is taken over.
 *
 * @returns the function that gives it back.
 * @throws FileInUseError when a living process, this one included, holds it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const folder: LeaseFolder = nodeFolder;
  const lock = `${await realPathOf(path)}.lock`;
  const owner = await thisProcess();
  const signed = `${lock}.${owner.nonce}`;
  await folder.create(signed, Buffer.from(JSON.stringify(owner)));
  const isOver = async (held: Held) => !(await lives(held.owner));
  try {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const end = await succeed({ folder, lock, signed, isOver });
      if (end === "taken") return () => folder.remove(lock);
      if (end !== "changed") throw inUse(lock, end);
    }
  } finally {
    await folder.remove(signed);
  }
  throw new FileInUseError(`other processes are opening it at this moment (${lock})`);
}

function inUse(lock: string, { owner }: Held): FileInUseError {
  const { pid, till, host } = owner;
  return new FileInUseError(
    `in use by process ${pid} of ${host}, as ${lock} says: close that program first; if process ${pid} is no terminal, remove that lock file`,
    { till, host, pid, expiresAtMs: null },
  );
}
