// The little that the terminal asks of a disk, as a port, and that port on node:fs.

import type { BigIntStats } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { TerminalClock } from "./clock.js";
import { lockFile } from "./file-lock.js";
import { syncFolder } from "./lease/folder.js";
import type { Hold, HoldTerms } from "./lease/hold.js";
import { leaseFile } from "./lease/journal-lease.js";

/** A file that only grows. */
export interface AppendFile {
  /** Writes all bytes at the end, or rejects; a rejected write may have left a part behind. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves once everything that was appended would survive a power cut (fdatasync). */
  sync(): Promise<void>;
  /** Whether its path still leads to it. Left out where nobody else can move or replace files. */
  isInPlace?(): Promise<boolean>;
  close(): Promise<void>;
}

/** Durable files readable by their owner alone. A simulator can give its own. */
export interface TerminalDisk {
  /**
   * The whole file, or null when there is none. Rejects above `bytesMax`, and, with `ownerOnly`, a file that other
   * users can read.
   */
  read(options: {
    path: string;
    bytesMax: number;
    ownerOnly?: boolean;
  }): Promise<Uint8Array | null>;
  /** Puts new content in place of the old, all or nothing; it has survived when this resolves. */
  replace(options: { path: string; bytes: Uint8Array }): Promise<void>;
  /** Takes a file away, for good when this resolves. One that is not there is no error. */
  remove(path: string): Promise<void>;
  openForAppend(path: string): Promise<AppendFile>;
  /** Takes a file for this terminal alone. Resolves with the way to give it back. Throws FileInUseError. */
  lock(path: string): Promise<() => Promise<void>>;
  /**
   * Takes a file that another till may take over: see {@link Hold}. Left out by a disk that one process has alone, where
   * a lock is enough. Throws FileInUseError.
   */
  lease?(options: HoldTerms & { path: string; clock: TerminalClock }): Promise<Hold>;
}

const OWNER_ONLY = 0o600;

export const nodeDisk: TerminalDisk = { read, replace, remove, openForAppend, lock, lease };

async function read(options: {
  path: string;
  bytesMax: number;
  ownerOnly?: boolean;
}): Promise<Uint8Array | null> {
  const { path, bytesMax, ownerOnly = false } = options;
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
  try {
    const { size, mode } = await file.stat();
    // Windows has no such modes.
    if (ownerOnly && process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new Error(`${path} is open to other users; run chmod 600 on it`);
    }
    if (size > bytesMax) throw new RangeError(`${path} has ${size} bytes, more than ${bytesMax}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function replace(options: { path: string; bytes: Uint8Array }): Promise<void> {
  const { path, bytes } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const besides = `${path}.new`;
  const file = await open(besides, "w", OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(besides, path);
  await syncFolder(dirname(path));
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

async function openForAppend(path: string): Promise<AppendFile> {
  const file = await open(path, "a", OWNER_ONLY);
  const opened = await file.stat({ bigint: true });
  return {
    append: (bytes) => file.appendFile(bytes),
    sync: () => file.datasync(),
    isInPlace: () => isAt(opened, path),
    close: () => file.close(),
  };
}

async function lease(options: HoldTerms & { path: string; clock: TerminalClock }): Promise<Hold> {
  await mkdir(dirname(options.path), { recursive: true, mode: 0o700 });
  return leaseFile(options);
}

async function isAt(opened: BigIntStats, path: string): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null;
    throw thrown;
  });
  return found !== null && found.ino === opened.ino && found.dev === opened.dev;
}

async function lock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return lockFile(path);
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
