// Writes one filling of the log into the archive, piece by piece: first the bytes, and once they are on disk their line.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeAt } from "./files.js";
import { NO_SUM, readLines, written } from "./index-lines.js";
import type { Piece, Place } from "./log-reader.js";
import type { ArchivePaths, Line } from "./paths.js";

/** A filling as far as it is in the archive. */
export interface Filling {
  readonly no: number;
  readonly place: Place;
  readonly lines: number;
  /** The checksum of the last line, and where it ends in the index. */
  readonly sum: string;
  readonly indexBytes: number;
}

/** Reads where a filling stands; null where nothing of it can be gone on from. */
export function readFilling(paths: ArchivePaths, no: number): Filling | null {
  const { lines, sum, bytes, stopped } = readLines(readFileSync(paths.index(no), "utf8"));
  const last = lines.at(-1);
  const salts = lines[0]?.salts;
  if (last === undefined || salts === undefined || stopped === "damaged") return null;
  const place = { salts, end: last.to, sums: last.sums };
  return { no, place, lines: lines.length, sum, indexBytes: bytes };
}

/** What a new filling continues. */
export type Follows = NonNullable<Line["follows"]> | null;

/** Begins a filling with its first piece, or goes on with one. The same may be tried again after it failed. */
export async function addPiece(
  paths: ArchivePaths,
  piece: Piece,
  to:
    | { readonly filling: Filling }
    | { readonly filling: null; readonly no: number; readonly follows: Follows },
  read: Pick<Line, "atMs" | "completeMs">,
): Promise<Filling> {
  const { filling } = to;
  const no = filling?.no ?? (to.filling === null ? to.no : 0);
  const { sum: before = NO_SUM, indexBytes = 0, lines = 0 } = filling ?? {};
  await writeAt(paths.wal(no), piece.bytes, piece.from);
  const { salts, end, sums } = piece.place;
  const line: Line = {
    no: lines + 1,
    ...read,
    from: piece.from,
    to: end,
    sha256: createHash("sha256").update(piece.bytes).digest("hex"),
    sums: [...sums],
    ...(to.filling === null ? { salts, follows: to.follows } : {}),
  };
  const { text, sum } = written(line, before);
  await writeAt(paths.index(no), Buffer.from(text), indexBytes);
  const place = piece.place;
  return { no, place, lines: lines + 1, sum, indexBytes: indexBytes + Buffer.byteLength(text) };
}
