// How a lock passes from an owner that is over to exactly one successor, whoever comes at the same moment.

import { randomUUID } from "node:crypto";
import { type LockOwner, parseOwner } from "../lock-owner.js";
import type { LeaseFolder } from "./folder.js";

/** Successors that died while they took over, one after the other: more is no accident. */
const SUCCESSORS_MAX = 10;

/** Who has a lock, and the file that says so. */
export interface Held {
  readonly path: string;
  readonly owner: LockOwner;
  /** All of the file: it changes with each sign of life. */
  readonly text: string;
}

/** For people and programs: who holds it. */
export interface Holder {
  /** What the till calls itself. */
  readonly till: string;
  readonly host: string;
  readonly pid: number;
  /** When its lease ends unless it is renewed, by the holder's own clock, Unix milliseconds; null: never. */
  readonly expiresAtMs: number | null;
}

/** The file is in use. The message names the process and the lock file. */
export class FileInUseError extends Error {
  override readonly name = "FileInUseError";
  /** Null where no one owner can be named. */
  readonly holder: Holder | null;

  constructor(message: string, holder: Holder | null = null) {
    super(message);
    this.holder = holder;
  }
}

/**
 * Takes a free lock, or succeeds an owner that is over. Each owner has one successor: whoever first makes the link that
 * bears the old owner's nonce. The successor then puts its own name into the lock.
 *
 * @param options.signed the successor's own file, whose link the lock becomes.
 * @param options.isOver whether an owner may be succeeded.
 * @returns who holds it where that owner is not over; `changed` where one must look again.
 * @throws FileInUseError for a file that is no lock.
 */
export async function succeed(options: {
  folder: LeaseFolder;
  lock: string;
  signed: string;
  isOver: (held: Held) => Promise<boolean>;
}): Promise<"taken" | "changed" | Held> {
  const { folder, lock, signed, isOver } = options;
  if (await folder.link(signed, lock)) return "taken";
  const first = await heldAt(folder, lock);
  if (first === null) return "changed";
  let held = first;
  for (let successors = 0; successors < SUCCESSORS_MAX; successors += 1) {
    if (!(await isOver(held))) return held;
    const door = `${lock}.after-${held.owner.nonce}`;
    if (await folder.link(signed, door)) {
      try {
        const now = await heldAt(folder, lock);
        // Otherwise this door had been used and cleared away between the two looks at the lock.
        const ours = now?.owner.nonce === first.owner.nonce;
        if (ours) await putInPlace({ folder, lock, signed });
        return ours ? "taken" : "changed";
      } finally {
        await folder.remove(door);
      }
    }
    const successor = await heldAt(folder, door);
    if (successor === null) return "changed";
    held = successor;
  }
  throw new FileInUseError(`too many processes died while opening it; remove ${lock}* by hand`);
}

/** The rename replaces the old owner's name at one stroke. It needs a name of its own: `signed` is used again. */
async function putInPlace(options: {
  folder: LeaseFolder;
  lock: string;
  signed: string;
}): Promise<void> {
  const { folder, lock, signed } = options;
  const copy = `${signed}.${randomUUID()}`;
  await folder.link(signed, copy);
  try {
    await folder.rename(copy, lock);
  } catch (thrown) {
    await folder.remove(copy);
    // It may have been made all the same, and only not have been synced: then the lock names one that holds nothing.
    const [self, now] = [await heldAt(folder, signed), await heldAt(folder, lock)];
    if (self !== null && now?.owner.nonce === self.owner.nonce) await folder.remove(lock);
    throw thrown;
  }
}

/**
 * Takes away what processes that have died had beside a lock: their signed files, the doors that they went through, and
 * their wishes. To be called by who has the lock. What may still be somebody's stays, and so does what cannot be removed:
 * it is in nobody's way.
 */
export async function clearLitter(options: {
  folder: LeaseFolder;
  lock: string;
  isDead: (owner: LockOwner) => Promise<boolean>;
}): Promise<void> {
  const { folder, lock, isDead } = options;
  try {
    for (const path of await folder.beside(`${lock}.`)) {
      const owner = parseOwner((await folder.read(path)) ?? "");
      if (owner !== null && (await isDead(owner))) await folder.remove(path);
    }
  } catch {
    // The next one who takes the lock tries again.
  }
}

/** Null when it is gone. */
async function heldAt(folder: LeaseFolder, path: string): Promise<Held | null> {
  const text = await folder.read(path);
  if (text === null) return null;
  const owner = parseOwner(text);
  if (owner !== null) return { path, owner, text };
  throw new FileInUseError(`${path} is no lock of a terminal; if none is open, remove that file`);
}
