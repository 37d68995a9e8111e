// The files of a data folder: what they are called, how one is written so that a crash leaves the old or the new one.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const OWNER_ONLY_FILE = 0o600;

/** The folder cannot be used as it is. Who must act: the operator; the message says what to do. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
}

export interface FolderPaths {
  readonly databasePath: string;
  /** The sealed file of all keys. */
  readonly keysPath: string;
  /** Where signed heads are, unless the gateway was told another place. */
  readonly headsPath: string;
  /** Lay open beside the keys, before these were sealed. */
  readonly openAuthorityPath: string;
  readonly openServerPath: string;
}

export function pathsIn(folder: string): FolderPaths {
  return {
    databasePath: join(folder, "gateway.db"),
    keysPath: join(folder, "keys.json"),
    headsPath: join(folder, "heads.ndjson"),
    openAuthorityPath: join(folder, "authority.json"),
    openServerPath: join(folder, "server.json"),
  };
}

/** Writes all of it or nothing, for its owner alone, and on disk before anything is stored under it. */
export function writeDurably(path: string, text: string): void {
  const besides = besideOf(path);
  writeToDisk(besides, text);
  renameSync(besides, path);
  syncFolderOf(path);
}

/**
 * As {@link writeDurably}, where nothing is yet.
 *
 * @throws DataFolderError where something is: it is left as it is.
 */
export function createDurably(path: string, text: string): void {
  // A name of its own: whoever does the same meanwhile writes another file.
  const besides = besideOf(`${path}.${randomBytes(4).toString("hex")}`);
  writeToDisk(besides, text);
  try {
    linkSync(besides, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new DataFolderError(
      `${path} was made by another gateway meanwhile: one at a time may use this folder. Stop the other one, or start this one again`,
      { cause: error },
    );
  } finally {
    rmSync(besides);
  }
  syncFolderOf(path);
}

function writeToDisk(path: string, text: string): void {
  const file = openSync(path, "w", OWNER_ONLY_FILE);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes files that may be there, with what a crash left of their writing. */
export function removeDurably(paths: readonly string[]): void {
  const found = paths.flatMap((path) => [path, besideOf(path)]).filter((path) => existsSync(path));
  for (const path of found) rmSync(path);
  for (const path of found) syncFolderOf(path);
}

const besideOf = (path: string) => `${path}.new`;

function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
