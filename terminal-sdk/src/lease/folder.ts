// The little that locks and leases ask of a folder, which several machines may share, as a port and on node:fs.

import {
  constants,
  type FileHandle,
  link,
  open,
  readdir,
  realpath,
  rename,
  rm,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const OWNER_ONLY = 0o600;

/** A lock is shorter. */
const LOCK_BYTES = 2_048;

/** Each call takes effect at one instant, for everybody who shares the folder. */
export interface LeaseFolder {
  /** The text of a file, or null when there is none. */
  read(path: string): Promise<string | null>;
  /** Makes a file that was not there. It has survived when this resolves. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file a second name. False where that name is taken. */
  link(path: string, name: string): Promise<boolean>;
  /** Gives a file the name of another one, in its place; for good when this resolves. */
  rename(path: string, name: string): Promise<void>;
  /** One that is not there is no error. */
  remove(path: string): Promise<void>;
  /**
   * Overwrites a file from `head` on, if it begins with that; never the file that bears the name a moment later.
   *
   * @returns the text that it found, or null where there is no such file.
   */
  overwrite(options: { path: string; head: string; tail: string }): Promise<string | null>;
  /** The paths in the same folder that begin like this one. */
  beside(path: string): Promise<string[]>;
}

export const nodeFolder: LeaseFolder = {
  async read(path) {
    const file = await openOrNull(path, "r");
    return file === null ? null : closing(file, () => textIn(file));
  },
  async create(path, bytes) {
    const file = await open(path, "wx", OWNER_ONLY);
    await closing(file, async () => {
      await file.writeFile(bytes);
      await file.sync();
    });
  },
  async link(path, name) {
    try {
      await link(path, name);
      return true;
    } catch (thrown) {
      if (isCode(thrown, "EEXIST")) return false;
      throw thrown;
    }
  },
  async rename(path, name) {
    await rename(path, name);
    await syncFolder(dirname(name));
  },
  remove: (path) => rm(path, { force: true }),
  async overwrite({ path, head, tail }) {
    const file = await openOrNull(path, "r+");
    if (file === null) return null;
    // Closed each time: that is what a shared folder hands on to other machines.
    return closing(file, async () => {
      const found = await file.readFile("utf8");
      if (found.startsWith(head)) await file.write(tail, Buffer.byteLength(head));
      return found;
    });
  },
  async beside(path) {
    const [folder, name] = [dirname(path), basename(path)];
    return (await readdir(folder))
      .filter((found) => found.startsWith(name))
      .map((found) => join(folder, found));
  },
};

/** The one name of a file that need not be there yet, wherever this process goes. Its folder must be there. */
export async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)));
}

/** A rename survives a power cut only once its folder has been synced. Windows has no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  await closing(folder, () => folder.sync());
}

async function openOrNull(path: string, flags: string): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (thrown) {
    if (isCode(thrown, "ENOENT")) return null;
    throw thrown;
  }
}

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

/** In one read where it fits, as every lock does: a till waits for each step of this in the time of a sale. */
async function textIn(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(LOCK_BYTES), 0, LOCK_BYTES, 0);
  return bytesRead < LOCK_BYTES ? buffer.toString("utf8", 0, bytesRead) : file.readFile("utf8");
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
