// Keeps a second process from a file that only one may use, with a lock beside it that names its owner.

import { open, readFile, rm } from "node:fs/promises";

const OWNER_ONLY = 0o600;

/** A lock whose owner has died is taken over; another process may do so at the same moment, so a few tries are made. */
const TRIES_MAX = 3;

/** Locks of this process: its own id in a lock file does not make it the owner of a lock it has not taken. */
const held = new Set<string>();

/** The file is in use. The message names the process. */
export class FileInUseError extends Error {
  override readonly name = "FileInUseError";
}

/**
 * Takes the lock beside a file. A lock left by a process that has died is taken over.
 *
 * @returns the function that gives it back.
 * @throws FileInUseError when a living process, this one included, holds it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    if (await create(lock)) {
      held.add(lock);
      return async () => {
        if (held.delete(lock)) await rm(lock, { force: true });
      };
    }
    const owner = await ownerOf(lock);
    if (owner !== null && isAlive(lock, owner)) {
      throw new FileInUseError(`in use by process ${owner}: close that terminal first`);
    }
    await rm(lock, { force: true });
  }
  throw new FileInUseError("other processes are opening it at this moment");
}

async function create(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx", OWNER_ONLY);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") return false;
    throw thrown;
  }
}

/** Null when the lock is gone or not yet filled in. */
async function ownerOf(lock: string): Promise<number | null> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const owner = Number.parseInt(text, 10);
  return Number.isSafeInteger(owner) && owner > 0 ? owner : null;
}

function isAlive(lock: string, owner: number): boolean {
  if (owner === process.pid) return held.has(lock);
  try {
    process.kill(owner, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, under another user.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
