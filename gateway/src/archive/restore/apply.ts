// Makes a database of a base and the fillings that follow it, each checked before SQLite sees it.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { ArchiveError, type ArchivePaths, type Base, type Line, named } from "../paths.js";
import { frameBytesOf, headerOf, WAL_HEADER_BYTES } from "../wal.js";
import type { Plan, Step } from "./plan.js";

const CHUNK_BYTES = 1_024 * 1_024;
const OWNER_ONLY_FILE = 0o600;

export interface ApplyOptions {
  readonly paths: ArchivePaths;
  /** A new file. */
  readonly databasePath: string;
  /** Moves the log beside a database into it; says how many frames were committed in it. */
  readonly replayLog: (databasePath: string) => number;
  readonly onProgress: (what: string) => void;
}

export interface Applied {
  /** Everything that was committed by then is there. */
  readonly reachedMs: number;
  readonly fillings: number;
  /** Why it went no further; null where the plan was carried out. */
  readonly stopped: string | null;
}

/** @throws ArchiveError where the base is damaged, or what it needs of the log is: it can be tried with an earlier one. */
export function applyPlan(plan: Plan, options: ApplyOptions): Applied {
  const { paths, databasePath, onProgress } = options;
  const { base, steps } = plan;
  // Also a log that an earlier try left: SQLite would take it for this database's.
  for (const ending of ["", "-wal", "-shm"]) rmSync(`${databasePath}${ending}`, { force: true });
  copyChecked(paths, base, options);
  let [reachedMs, fillings, stopped] = [base.atMs, 0, plan.stopped];
  for (const [index, step] of steps.entries()) {
    onProgress(`log ${named(step.filling)}, ${index + 1} of ${steps.length}`);
    const { last, isWhole } = applyStep(step, options);
    const needed = index === 0 && step.filling === base.filling ? base.from : 0;
    if ((last?.to ?? 0) < needed) {
      throw new ArchiveError(`log ${named(step.filling)}, which the base needs, is damaged`);
    }
    if (last !== undefined) {
      // What the base holds itself was committed before it was begun.
      if (last.to > needed) reachedMs = last.completeMs;
      fillings += 1;
    }
    if (!isWhole) {
      stopped = `log ${named(step.filling)} is damaged after ${last?.to ?? 0} bytes`;
      break;
    }
  }
  const [first] = steps;
  if (base.from > 0 && first?.filling !== base.filling) {
    throw new ArchiveError(`log ${named(base.filling)}, which the base needs, is missing`);
  }
  syncFile(databasePath);
  return { reachedMs, fillings, stopped };
}

function copyChecked(
  paths: ArchivePaths,
  base: Base,
  { databasePath, onProgress }: ApplyOptions,
): void {
  const hash = createHash("sha256");
  const [from, to] = [
    openSync(paths.base(base.no), "r"),
    openSync(databasePath, "wx", OWNER_ONLY_FILE),
  ];
  try {
    for (let done = 0; done < base.bytes; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, base.bytes - done));
      const read = readSync(from, chunk, 0, chunk.length, done);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      writeFileSync(to, chunk.subarray(0, read));
      done += read;
      onProgress(`base ${named(base.no)}, ${done} of ${base.bytes} bytes`);
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
  if (hash.digest("hex") !== base.sha256) {
    throw new ArchiveError(`base ${named(base.no)} is not what was archived: its disk is failing`);
  }
}

/** Applies the lines of a filling whose bytes are what was archived, up to the first one whose are not. */
function applyStep(
  { filling, lines }: Step,
  { paths, databasePath, replayLog }: ApplyOptions,
): { readonly last: Line | undefined; readonly isWhole: boolean } {
  const logPath = `${databasePath}-wal`;
  const good: Line[] = [];
  let frameBytes = 0;
  const to = openSync(logPath, "w", OWNER_ONLY_FILE);
  try {
    for (const line of lines) {
      const bytes = bytesOf(paths.wal(filling), line);
      if (bytes === null) break;
      if (line.from === 0) frameBytes = frameBytesIn(bytes);
      writeFileSync(to, bytes);
      good.push(line);
    }
  } finally {
    closeSync(to);
  }
  const last = good.at(-1);
  if (last === undefined) {
    rmSync(logPath);
    return { last, isWhole: false };
  }
  const expected = (last.to - WAL_HEADER_BYTES) / frameBytes;
  const taken = replayLog(databasePath);
  if (taken !== expected) {
    throw new ArchiveError(
      `SQLite took ${taken} frames of log ${named(filling)} for committed, and ${expected} were archived: this archive cannot be trusted from here on`,
    );
  }
  return { last, isWhole: good.length === lines.length };
}

/** What a line stands for; null where it is not what was archived, is missing or cannot be read. */
function bytesOf(path: string, { from, to, sha256 }: Line): Buffer | null {
  const bytes = Buffer.alloc(to - from);
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, bytes, 0, bytes.length, from);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
  return createHash("sha256").update(bytes).digest("hex") === sha256 ? bytes : null;
}

function frameBytesIn(bytes: Buffer): number {
  const header = headerOf(bytes);
  if (header === null) throw new ArchiveError("a log has no header that SQLite would know");
  return frameBytesOf(header);
}

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
