// How files of an archive are written: for their owner alone, and on disk when it settles.

import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Neither emptied nor only added to: what was cut off is written over. */
const TO_WRITE_OVER = constants.O_RDWR | constants.O_CREAT;

/** Writes bytes at a place of a file, made where it is missing; again, where a try before it failed half way. */
export async function writeAt(path: string, bytes: Buffer, position: number): Promise<void> {
  const file = await open(path, TO_WRITE_OVER, OWNER_ONLY_FILE);
  try {
    await writeAll(file, bytes, position);
    await file.truncate(position + bytes.length);
    await file.sync();
  } finally {
    await file.close();
  }
  if (position === 0) await syncFolder(dirname(path));
}

/** A disk that fills up takes a part of a write, and says how much: only the next one fails. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const left = bytes.length - done;
    const { bytesWritten } = await file.write(bytes, done, left, position + done);
    done += bytesWritten;
  }
}

/** Writes all of it or nothing. */
export async function writeWhole(path: string, text: string | Buffer): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  await writeAt(beside, Buffer.from(text), 0);
  await moveDurably(beside, path);
}

export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** A new file for a large copy. */
export async function createFile(path: string) {
  await rm(path, { force: true });
  return open(path, "wx", OWNER_ONLY_FILE);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
