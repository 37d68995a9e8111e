// Keeps a second process from a file that only one may use, with a lock beside it that names its owner.

import { randomUUID } from "node:crypto";
import { link, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { type LockOwner, lives, parseOwner, thisProcess } from "./lock-owner.js";

const OWNER_ONLY = 0o600;

/** Other processes may come and go while a lock is taken; after so many beginnings somebody else has it. */
const TRIES_MAX = 10;

/** Successors that died while they took over, one after the other: more is no accident. */
const SUCCESSORS_MAX = 10;

/** The file is in use. The message names the process and the lock file. */
export class FileInUseError extends Error {
  override readonly name = "FileInUseError";
}

/**
 * Takes the lock beside a file. A lock is a hard link to a file that already says whose it is, so nobody ever sees
 * one without an owner. One left by a process that has died is taken over.
 *
 * @returns the function that gives it back.
 * @throws FileInUseError when a living process, this one included, holds it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${await realpath(path).catch(() => path)}.lock`;
  const owner = await thisProcess();
  const signed = `${lock}.${owner.nonce}`;
  await writeDurably(signed, JSON.stringify(owner));
  try {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      if (await take({ lock, signed })) return () => rm(lock, { force: true });
    }
  } finally {
    await rm(signed, { force: true });
  }
  throw new FileInUseError(`other processes are opening it at this moment (${lock})`);
}

/**
 * Takes a free lock, or succeeds a dead owner. Each owner has one successor: whoever first makes the link that bears
 * the dead owner's nonce. The successor then puts its own name into the lock.
 *
 * @returns false when something changed meanwhile, and one must look again.
 */
async function take({ lock, signed }: { lock: string; signed: string }): Promise<boolean> {
  if (await linked(signed, lock)) return true;
  const first = await ownerIn(lock);
  if (first === null) return false;
  let dead = first;
  for (let successors = 0; successors < SUCCESSORS_MAX; successors += 1) {
    if (await lives(dead)) throw inUse(lock, dead);
    const door = `${lock}.after-${dead.nonce}`;
    if (await linked(signed, door)) {
      const ours = (await ownerIn(lock))?.nonce === first.nonce;
      // Otherwise this door had been used and cleared away between the two looks at the lock.
      if (ours) await succeed({ lock, signed });
      await rm(door, { force: true });
      return ours;
    }
    const successor = await ownerIn(door);
    if (successor === null) return false;
    dead = successor;
  }
  throw new FileInUseError(`too many processes died while opening it; remove ${lock}* by hand`);
}

/** The rename replaces the dead owner's name at one stroke. It needs a name of its own: `signed` is used again. */
async function succeed({ lock, signed }: { lock: string; signed: string }): Promise<void> {
  const copy = `${signed}.${randomUUID()}`;
  await link(signed, copy);
  await rename(copy, lock);
}

async function linked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (thrown) {
    if (isCode(thrown, "EEXIST")) return false;
    throw thrown;
  }
}

/** Null when it is gone. */
async function ownerIn(lock: string): Promise<LockOwner | null> {
  let text: string;
  try {
    text = await readFile(lock, "utf8");
  } catch (thrown) {
    if (isCode(thrown, "ENOENT")) return null;
    throw thrown;
  }
  const owner = parseOwner(text);
  if (owner !== null) return owner;
  throw new FileInUseError(`${lock} is no lock of a terminal; if none is open, remove that file`);
}

function inUse(lock: string, { pid }: LockOwner): FileInUseError {
  return new FileInUseError(
    `in use by process ${pid}, as ${lock} says: close that terminal first; if process ${pid} is no terminal, remove that lock file`,
  );
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
