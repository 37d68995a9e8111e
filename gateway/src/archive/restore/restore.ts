// Restores a database from an archive as it was at an instant, from the best base that is whole.

import { copyFileSync, existsSync } from "node:fs";
import { readArchive } from "../folder.js";
import { ArchiveError, named, pathsOfArchive } from "../paths.js";
import { type Applied, type ApplyOptions, applyPlan } from "./apply.js";
import { basesFor, lastWrittenMs, planFrom } from "./plan.js";

export interface Restored extends Applied {
  /** The base that it was made from, by its number. */
  readonly base: number;
  /** When the archive was last written to, by its gateway's clock; null where nothing followed its bases. */
  readonly writtenAtMs: number | null;
  /** Bases that could not be used, with the reason. */
  readonly refused: readonly string[];
}

/**
 * Makes the database, with its newest keys beside it.
 *
 * @param input.atMs the instant; null for the last one there is.
 * @throws ArchiveError where nothing can be restored; the message says why.
 */
export function restoreArchive(
  input: Omit<ApplyOptions, "paths"> & {
    readonly folder: string;
    readonly keysPath: string;
    readonly atMs: number | null;
  },
): Restored {
  const { folder, keysPath, ...options } = input;
  const atMs = input.atMs ?? Number.POSITIVE_INFINITY;
  const paths = pathsOfArchive(folder);
  readArchive(paths);
  if (!existsSync(paths.keys)) {
    throw new ArchiveError(`${paths.keys} is missing: without it no card is known`);
  }
  const refused: string[] = [];
  for (const base of basesFor(paths, atMs)) {
    try {
      const applied = applyPlan(planFrom(paths, base, atMs), { ...options, paths });
      copyFileSync(paths.keys, keysPath);
      return { ...applied, base: base.no, writtenAtMs: lastWrittenMs(paths), refused };
    } catch (error) {
      if (!(error instanceof Error && isOfThisBase(error))) throw error;
      refused.push(`base ${named(base.no)}: ${error.message}`);
    }
  }
  throw new ArchiveError(`nothing can be restored: ${refused.join("; ")}`);
}

/** Whether the base before may do better: SQLite's and the system's errors have a code, a bug has none. */
const isOfThisBase = (error: Error): boolean => error instanceof ArchiveError || "code" in error;
