// How far a load has come, kept beside its file, so that an interrupted one goes on where it stopped.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../command.js";
import type { BulkFile } from "./bulk-file.js";
import { dropFile, WriteError } from "./written-file.js";

const CountSchema = z.int().min(0);

const ProgressSchema = z.strictObject({
  bytes: CountSchema,
  digest: z.string(),
  /** The gateway that took the lines: its address, and the fingerprint of its authority (SHA-256 of the DER, hex). */
  url: z.string(),
  authority: z.string(),
  /** Where rejected lines are written, absolute. What stands there is this load's own. */
  rejectedPath: z.string(),
  /** The last line that was answered. */
  line: CountSchema,
  applied: CountSchema,
  unchanged: CountSchema,
  rejected: CountSchema,
  /** Lines that were taken in with something for review. */
  noted: CountSchema,
  /** How long the files of rejected lines and of notes were by then. */
  rejectedBytes: CountSchema,
  notesBytes: CountSchema,
});
export type Progress = z.infer<typeof ProgressSchema>;

/** What a load is of, and where it goes: the same at every run of it. */
export interface LoadIdentity extends Pick<Progress, "url" | "authority" | "rejectedPath"> {
  readonly file: BulkFile;
}

/** What a file's earlier load left behind. */
export interface Left {
  /** Null where there is no progress, or nobody can read it. */
  readonly progress: Progress | null;
  readonly isDamaged: boolean;
}

/** Where a file's progress is kept. */
export function progressPathOf(path: string): string {
  return `${path}.progress`;
}

export function noProgress({ file, url, authority, rejectedPath }: LoadIdentity): Progress {
  const { bytes, digest } = file;
  const counts = { line: 0, applied: 0, unchanged: 0, rejected: 0, noted: 0 };
  return {
    bytes,
    digest,
    url,
    authority,
    rejectedPath,
    ...counts,
    rejectedBytes: 0,
    notesBytes: 0,
  };
}

/** The progress that stands beside a file, whatever it is of. */
export function readProgress({ path }: BulkFile): Left {
  const kept = progressPathOf(path);
  if (!existsSync(kept)) return { progress: null, isDamaged: false };
  const progress = parse(readFileSync(kept, "utf8"));
  return { progress, isDamaged: progress === null };
}

function parse(text: string): Progress | null {
  try {
    return ProgressSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Where a load goes on: nowhere but where it began, since lines that one gateway took are missing in another.
 *
 * @throws UsageError when what is kept is of another load, or damaged.
 */
export function continued({ progress, isDamaged }: Left, load: LoadIdentity): Progress {
  if (progress === null && !isDamaged) return noProgress(load);
  const fault = progress === null ? "damaged" : difference(progress, load);
  if (progress !== null && fault === null) return progress;
  throw new UsageError(
    `${progressPathOf(load.file.path)} is ${fault}: --from-start begins again, which is harmless (a line sent twice changes nothing)`,
  );
}

/** Of which other load a progress is; null where it is this one's. */
function difference(progress: Progress, load: LoadIdentity): string | null {
  const { file, url, authority, rejectedPath } = load;
  if (progress.bytes !== file.bytes || progress.digest !== file.digest) return "of another file";
  if (progress.url !== url) return `of a load into ${progress.url}`;
  if (progress.authority !== authority) {
    return "of a load into a gateway with another authority than the credentials name";
  }
  if (progress.rejectedPath !== rejectedPath) {
    return `of a load with --rejected ${progress.rejectedPath}`;
  }
  return null;
}

/**
 * All of it or nothing. A little of it may be lost with the power: those lines are sent again.
 *
 * @throws WriteError when the disk does not take it.
 */
export function saveProgress(file: BulkFile, progress: Progress): void {
  const path = progressPathOf(file.path);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(progress)}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new WriteError(path, error);
  }
}

/** @throws WriteError when it cannot be removed. */
export function dropProgress(file: BulkFile): void {
  dropFile(progressPathOf(file.path));
}
