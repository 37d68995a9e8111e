// How far a load has come, kept beside its file, so that an interrupted one goes on where it stopped.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../command.js";
import type { BulkFile } from "./bulk-file.js";

const CountSchema = z.int().min(0);

const ProgressSchema = z.strictObject({
  bytes: CountSchema,
  digest: z.string(),
  /** The last line that was answered. */
  line: CountSchema,
  applied: CountSchema,
  unchanged: CountSchema,
  rejected: CountSchema,
  /** How long the file of rejected lines was by then. */
  rejectedBytes: CountSchema,
});
export type Progress = z.infer<typeof ProgressSchema>;

/** Where a file's progress is kept. */
export function progressPathOf(path: string): string {
  return `${path}.progress`;
}

export function noProgress({ bytes, digest }: BulkFile): Progress {
  return { bytes, digest, line: 0, applied: 0, unchanged: 0, rejected: 0, rejectedBytes: 0 };
}

/**
 * How far this file was loaded before; null where it was not.
 *
 * @throws UsageError when what is kept is another file's, or damaged.
 */
export function readProgress(file: BulkFile): Progress | null {
  const path = progressPathOf(file.path);
  if (!existsSync(path)) return null;
  const progress = parse(readFileSync(path, "utf8"));
  if (progress?.bytes === file.bytes && progress.digest === file.digest) return progress;
  throw new UsageError(
    `${path} is ${progress ? "of another file" : "damaged"}: --from-start begins again, which is harmless (a line sent twice changes nothing)`,
  );
}

function parse(text: string): Progress | null {
  try {
    return ProgressSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** All of it or nothing. A little of it may be lost with the power: those lines are sent again. */
export function saveProgress(file: BulkFile, progress: Progress): void {
  const path = progressPathOf(file.path);
  writeFileSync(`${path}.new`, `${JSON.stringify(progress)}\n`);
  renameSync(`${path}.new`, path);
}

export function dropProgress(file: BulkFile): void {
  rmSync(progressPathOf(file.path), { force: true });
}
