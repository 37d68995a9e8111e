// A file that a load writes: one JSON object a line, on disk before the progress says so, and never another's file.

import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";
import { reasonOf, UsageError } from "../command.js";

const OWNER_ONLY_FILE = 0o600;

/** The disk does not take what the load keeps beside its file. Who must act: whoever runs it; then it goes on. */
export class WriteError extends Error {
  override readonly name = "WriteError";
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

export interface WrittenFile {
  /** How long it is, bytes. */
  readonly bytes: number;
  /** @throws WriteError; what was written of it is cut off when the load goes on. */
  append(lines: readonly object[]): void;
  /** Brings what was appended onto the disk. @throws WriteError. */
  sync(): void;
}

/** How long a file is, bytes; null where there is none. */
export function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

/**
 * Refuses a file that is somebody else's: it is neither cut nor written to.
 *
 * @param options.isOwn whether the progress names it, as this load's own.
 * @param options.others what the load reads and keeps itself.
 * @throws UsageError that says what to do.
 */
export function refuseForeign(
  path: string,
  options: { readonly isOwn: boolean; readonly others: readonly string[] },
): void {
  const other = options.others.find((it) => isSame(it, path));
  if (other !== undefined) {
    throw new UsageError(`${path} cannot be written to: it is needed as ${other}`);
  }
  if (!options.isOwn && (sizeOf(path) ?? 0) > 0) {
    throw new UsageError(
      `${path} is there already and is not of this load: move it away, or name another file with --rejected`,
    );
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}`);
  }
}

/** Paths are absolute. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/**
 * Opens the file as it was when it had so many bytes: what was written after the progress was kept is written again.
 *
 * @throws WriteError when it cannot be cut.
 */
export function openWritten(path: string, bytes: number): WrittenFile {
  const inIt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      throw new WriteError(path, error);
    }
  };
  let length = bytes;
  let isOnDisk = true;
  inIt(() => {
    const size = sizeOf(path);
    if (size === null || size === bytes) return;
    if (bytes === 0) rmSync(path);
    else truncateSync(path, bytes);
  });
  return {
    get bytes() {
      return length;
    },
    append(lines) {
      if (lines.length === 0) return;
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
      inIt(() => appendFileSync(path, text, { mode: OWNER_ONLY_FILE }));
      length += Buffer.byteLength(text);
      isOnDisk = false;
    },
    sync() {
      if (isOnDisk) return;
      inIt(() => {
        const file = openSync(path, "r");
        try {
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
      });
      isOnDisk = true;
    },
  };
}

/** @throws WriteError when it cannot be removed. */
export function dropFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new WriteError(path, error);
  }
}
