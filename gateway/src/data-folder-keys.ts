// The keys of a data folder: one sealed file, and how a folder of before, whose keys lay open, comes to have it.

import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import type { Random } from "./core/ports.js";
import { createAuthority } from "./crypto/authority.js";
import { IdentitySchema, type KeyFile, keyFileOf, ServerSchema } from "./crypto/key-file.js";
import { isKeyFileOfBefore, keysOfBefore } from "./crypto/key-file-before.js";
import {
  openSealedFile,
  SealedFileError,
  STORE_KEY_BYTES,
  sealFile,
} from "./crypto/sealed-file.js";
import {
  createDurably,
  DataFolderError,
  type FolderPaths,
  writeDurably,
} from "./data-folder-files.js";

/** @throws DataFolderError when it has not the length of one. */
export function checkStoreKey(storeKey: Uint8Array): void {
  if (storeKey.byteLength === STORE_KEY_BYTES) return;
  throw new DataFolderError(
    `the store key has ${storeKey.byteLength} bytes and needs ${STORE_KEY_BYTES}: make one with \`pass-tpe keys init\``,
  );
}

/** @throws DataFolderError when the file is not sealed, or not under this key, or damaged; it names no value. */
export function readKeyFile(path: string, storeKey: Uint8Array): KeyFile {
  checkStoreKey(storeKey);
  const text = readFileSync(path, "utf8");
  if (isKeyFileOfBefore(jsonOf(text))) {
    throw new DataFolderError(
      `${path} lies open, as it did before keys were sealed: start the gateway on this folder once with its store key, which seals it`,
    );
  }
  return told(path, () => keyFileOf(openSealedFile(text, storeKey)));
}

interface Sealed {
  readonly path: string;
  readonly file: KeyFile;
  readonly storeKey: Uint8Array;
  readonly random: Random;
}

/** Seals the keys in the place of those that are there. On disk when it returns. */
export function writeKeyFile(input: Sealed): void {
  writeDurably(input.path, sealed(input));
}

/**
 * Seals the first keys of a folder. On disk when it returns.
 *
 * @throws DataFolderError where keys are there already: of two first starts one alone makes them.
 */
export function createKeyFile(input: Sealed): void {
  createDurably(input.path, sealed(input));
}

function sealed({ file, storeKey, random }: Sealed): string {
  checkStoreKey(storeKey);
  return sealFile({ content: file, storeKey, random });
}

/** Keys that were found, perhaps without a certificate for the gateway. */
export type FoundKeys = Omit<KeyFile, "server"> & { readonly server: KeyFile["server"] | null };

/**
 * The keys of a folder of before, with its certificates; null where it is none.
 *
 * @param made.isUsed something was written under them, and by an authority that is known to terminals.
 */
export function keysThatLieOpen(
  paths: FolderPaths,
  made: { readonly random: Random; readonly nowMs: number; readonly isUsed: boolean },
): FoundKeys | null {
  const { keysPath, openAuthorityPath, openServerPath } = paths;
  const content = existsSync(keysPath) ? jsonOf(readFileSync(keysPath, "utf8")) : null;
  if (!isKeyFileOfBefore(content)) return null;
  const keys = told(keysPath, () => keysOfBefore(content, made.random));
  const authority = openJson(openAuthorityPath, IdentitySchema);
  if (authority === null && made.isUsed) {
    throw new DataFolderError(
      `${openAuthorityPath} is missing, and ${keysPath} lies open beside a database: without it no terminal and no agent is known. Restore it from its backup`,
    );
  }
  const server = openJson(openServerPath, ServerSchema);
  return { ...keys, authority: authority ?? createAuthority(made), server };
}

/** What an earlier version wrote there; null where it wrote nothing. No error shows any of it: it holds a key. */
function openJson<T>(path: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(path)) return null;
  const parsed = schema.safeParse(jsonOf(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new DataFolderError(`${path} is damaged: restore it from its backup`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Says of which file it is, where one does not open. */
function told<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SealedFileError) {
      throw new DataFolderError(`${path} ${error.message}`, { cause: error });
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new DataFolderError(`${path}: ${error.message}`, { cause: error });
  }
}
