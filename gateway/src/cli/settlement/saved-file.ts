// A file that the gateway made, kept on disk whole or not at all, and never in place of another by accident.

import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { reasonOf, UsageError } from "../command.js";

/** Account numbers and amounts are for their owner's eyes. */
const OWNER_ONLY_FILE = 0o600;

export const SAVE_OPTIONS = {
  out: { type: "string" },
  replace: { type: "boolean", default: false },
} as const;

export const SAVE_OPTIONS_HELP = `  --out FILE           where it goes; a file that is there already with other content is never written over
  --replace            write over it all the same`;

/**
 * Keeps the bytes under a path, and tells on stderr what was done.
 *
 * @throws UsageError when another file stands there and may not be replaced, or the disk does not take it.
 */
export function saveFile(
  path: string,
  bytes: Buffer,
  options: { readonly replace: boolean },
): void {
  const before = readIfThere(path);
  if (before?.equals(bytes)) {
    process.stderr.write(`${path} is there already, with the same content\n`);
    return;
  }
  if (before !== null && !options.replace) {
    throw new UsageError(
      `${path} is there already with other content: move it away, name another with --out, or say --replace`,
    );
  }
  writeWhole(path, bytes);
  process.stderr.write(`${path}: ${bytes.length} bytes${before === null ? "" : ", replaced"}\n`);
}

function readIfThere(path: string): Buffer | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** Under another name first: who looks at the path finds the old file or the new one, never a part. */
function writeWhole(path: string, bytes: Buffer): void {
  const part = `${path}.${process.pid}.part`;
  try {
    const file = openSync(part, "wx", OWNER_ONLY_FILE);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}`);
  }
}
