// Where what stands in an archive folder, and what its small files say.

import { join } from "node:path";
import { z } from "zod";

/** What later programs may change only with another number. */
export const ARCHIVE_FORMAT = 1;

const NUMBER_DIGITS = 8;

/** The archive cannot be used, or not for what was asked. Who must act: the operator; the message says what to do. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

export type ArchivePaths = ReturnType<typeof pathsOfArchive>;

/**
 * `archive.json` says whose it is; `keys.json` is the newest sealed file of keys; `bases/` has copies of the database,
 * each a `.db` with a `.json` beside it; `log/` has every filling of the write-ahead log, a `.wal` with its `.index`;
 * `writer` names the process that writes it.
 */
export function pathsOfArchive(folder: string) {
  const bases = join(folder, "bases");
  const log = join(folder, "log");
  return {
    folder,
    bases,
    log,
    archive: join(folder, "archive.json"),
    keys: join(folder, "keys.json"),
    writer: join(folder, "writer"),
    base: (no: number) => join(bases, `${named(no)}.db`),
    baseRecord: (no: number) => join(bases, `${named(no)}.json`),
    wal: (no: number) => join(log, `${named(no)}.wal`),
    index: (no: number) => join(log, `${named(no)}.index`),
  };
}

export const named = (no: number): string => String(no).padStart(NUMBER_DIGITS, "0");

/** The numbers of files with an ending, ascending; other files are none of an archive's. */
export function numbersOf(names: readonly string[], ending: string): readonly number[] {
  const form = new RegExp(`^([0-9]{${NUMBER_DIGITS}})\\.${ending}$`);
  return names
    .flatMap((name) => form.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export const ArchiveSchema = z.object({
  format: z.int(),
  /** A digest that one ledger's keys alone make, hex: two gateways never share an archive. */
  ledger: z.string(),
});

/** Which copy of the database it is, and from which place of the log on it is good. */
export const BaseSchema = z.object({
  no: z.int().positive(),
  /** The filling of the log that was being written when the copy was begun; it is applied from its begin. */
  filling: z.int().positive(),
  /** How far that filling must be applied at least, in bytes. */
  from: z.int().min(0),
  /** It holds, with the log so far, what was committed by then: any later instant can be restored. */
  atMs: z.int(),
  bytes: z.int().positive(),
  /** Hex. */
  sha256: z.string(),
});
export type Base = z.infer<typeof BaseSchema>;

/** A line of a filling's index: so many bytes of the log were on the archive's disk by then. */
export const LineSchema = z.object({
  /** 1, 2, 3 … */
  no: z.int().positive(),
  /** By the gateway's clock, when they were read: whatever is in them was committed by then. */
  atMs: z.int(),
  /** Whatever was committed by then is in them or before them; earlier where more stood behind them. */
  completeMs: z.int(),
  from: z.int().min(0),
  to: z.int().positive(),
  /** Of these bytes, hex. */
  sha256: z.string(),
  /** SQLite's checksum behind them. */
  sums: z.tuple([z.int(), z.int()]),
  /** In the first line: both salts of this filling, and what it continues; null where that is not known. */
  salts: z.string().optional(),
  follows: z.object({ filling: z.int(), to: z.int(), sums: z.tuple([z.int(), z.int()]) }).nullish(),
});
export type Line = z.infer<typeof LineSchema>;
