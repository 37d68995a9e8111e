// Chooses what a restore is made of: the base, and how far which fillings of the log are applied to it.

import { readFileSync } from "node:fs";
import { basesIn, fillingsIn } from "../folder.js";
import { type ReadLines, readLines } from "../index-lines.js";
import { ArchiveError, type ArchivePaths, type Base, type Line, named } from "../paths.js";

/** A filling to apply, by the lines of its index that are wanted. */
export interface Step {
  readonly filling: number;
  readonly lines: readonly Line[];
}

export interface Plan {
  readonly base: Base;
  readonly steps: readonly Step[];
  /** Why it goes no further; null where it reaches the instant that was asked for, or the archive's end. */
  readonly stopped: string | null;
}

/** The bases from which an instant can be reached, the best one first. @throws ArchiveError where there is none. */
export function basesFor(paths: ArchivePaths, atMs: number): readonly Base[] {
  const all = basesIn(paths);
  const fit = all.filter((base) => base.atMs <= atMs).toReversed();
  if (fit.length > 0) return fit;
  const [first] = all;
  throw new ArchiveError(
    first === undefined
      ? `${paths.folder} has no whole copy of the database: nothing can be restored from it`
      : `the archive begins at ${new Date(first.atMs).toISOString()}: no earlier instant can be restored`,
  );
}

/**
 * What follows a base up to an instant: in the order of the log, as long as each filling continues the one before, and
 * ends before the first line that is later.
 */
export function planFrom(paths: ArchivePaths, base: Base, atMs: number): Plan {
  const steps: Step[] = [];
  const ends = (stopped: string | null): Plan => ({ base, steps, stopped });
  const present = fillingsIn(paths);
  const last = present.at(-1) ?? 0;
  for (let filling = base.filling; filling <= last; filling += 1) {
    if (!present.includes(filling)) return ends(`log ${named(filling)} is missing`);
    const read = indexOf(paths, filling);
    const [first] = read.lines;
    if (first === undefined) return ends(damaged(filling));
    const broken = filling === base.filling ? null : brokenBefore(first, steps.at(-1));
    if (broken !== null) return ends(`log ${named(filling)} ${broken}`);
    // What the base needs of its own filling is earlier than the base, whatever the clock said.
    const neededTo = filling === base.filling ? base.from : 0;
    const later = read.lines.findIndex((line) => line.atMs > atMs && line.to > neededTo);
    const lines = later === -1 ? read.lines : read.lines.slice(0, later);
    if (lines.length > 0) steps.push({ filling, lines });
    if (later !== -1) {
      const rest = present.filter((no) => no > filling).flatMap((no) => indexOf(paths, no).lines);
      return ends(wentBack([...read.lines.slice(later), ...rest], atMs));
    }
    if (read.stopped === "damaged") return ends(damaged(filling));
  }
  return ends(null);
}

/** When the last line of an archive was read, by its gateway's clock; null where there is none. */
export function lastWrittenMs(paths: ArchivePaths): number | null {
  const last = fillingsIn(paths).at(-1);
  return last === undefined ? null : (indexOf(paths, last).lines.at(-1)?.atMs ?? null);
}

const damaged = (filling: number): string => `the index of log ${named(filling)} is damaged`;

/** An index that cannot be read is as good as a damaged one. */
function indexOf(paths: ArchivePaths, filling: number): Pick<ReadLines, "lines" | "stopped"> {
  try {
    return readLines(readFileSync(paths.index(filling), "utf8"));
  } catch {
    return { lines: [], stopped: "damaged" };
  }
}

/** Why an instant does not tell what belongs to it; null where it does. @param later the lines that are left out. */
function wentBack(later: readonly Line[], atMs: number): string | null {
  const [first] = later;
  if (first === undefined || !later.some((line) => line.atMs <= atMs)) return null;
  const ahead = new Date(first.atMs).toISOString();
  return `the gateway's clock was at ${ahead} and went back: what was committed then and after is left out, though some of it is not later than the instant that was asked for`;
}

/** Why a filling does not continue what was applied before it; null where it does. */
function brokenBefore({ follows = null }: Line, before: Step | undefined): string | null {
  if (follows === null) return "begins anew: what was committed before it was not archived";
  const end = before?.lines.at(-1);
  const isNext =
    follows.filling === before?.filling &&
    follows.to === end?.to &&
    follows.sums.join() === end.sums.join();
  return isNext ? null : "does not continue the log before it: something between them is gone";
}
