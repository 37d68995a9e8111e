// Follows a write-ahead log that its one writer fills in this process, and gives what is committed and new.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  type Commit,
  frameBytesOf,
  headerOf,
  lastCommitIn,
  type Sums,
  WAL_HEADER_BYTES,
  type WalHeader,
} from "./wal.js";

/** About so much is read at once; a transaction that is larger is read whole. A few milliseconds with its checksums. */
export const READ_BYTES = 1_024 * 1_024;

/** Where a reader is: behind a commit of one filling of the log. */
export interface Place {
  readonly salts: string;
  readonly end: number;
  readonly sums: Sums;
}

/** Committed bytes of the log, whole frames, that follow what was given before; the first ones begin with its header. */
export interface Piece {
  readonly from: number;
  readonly bytes: Buffer;
  /** Behind it. */
  readonly place: Place;
  /** Whether nothing that was committed when it was read stands behind it. */
  readonly isLast: boolean;
}

interface LogReader {
  /** How long the log is now, in bytes. */
  size(): number;
  /** The next piece; null where nothing new is committed. A new filling begins anew at zero. */
  next(): Piece | null;
  /** The place behind the last piece; null before the first of this filling. */
  place(): Place | null;
}

/**
 * Reads at once, not in the background: between two turns of the event loop no commit is half made.
 *
 * @param after where an earlier reader stopped; null to begin with what the log has.
 */
export function createLogReader(path: string, after: Place | null): LogReader {
  let place = after;

  function withFile<T>(read: (file: number) => T, missing: T): T {
    let file: number;
    try {
      file = openSync(path, "r");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return missing;
      throw error;
    }
    try {
      return read(file);
    } finally {
      closeSync(file);
    }
  }

  function next(file: number): Piece | null {
    const header = headerOf(bytesAt(file, 0, WAL_HEADER_BYTES));
    if (header === null) return null;
    const isSame = place?.salts === header.salts;
    if (!isSame) place = null;
    const from: Commit = place ?? { end: WAL_HEADER_BYTES, sums: header.sums };
    const { found, isLast } = readCommits(file, header, from);
    if (found === null) return null;
    const start = place?.end ?? 0;
    place = { salts: header.salts, ...found };
    return { from: start, bytes: bytesAt(file, start, found.end - start), place, isLast };
  }

  return {
    size: () => withFile((file) => fstatSync(file).size, 0),
    next: () => withFile(next, null),
    place: () => place,
  };
}

/** Looks at more where one transaction fills what was read. */
function readCommits(
  file: number,
  header: WalHeader,
  from: Commit,
): { readonly found: Commit | null; readonly isLast: boolean } {
  const left = fstatSync(file).size - from.end;
  const frameBytes = frameBytesOf(header);
  let bytes = Math.ceil(READ_BYTES / frameBytes) * frameBytes;
  for (;;) {
    const found = lastCommitIn(bytesAt(file, from.end, Math.min(bytes, left)), { header, from });
    const isLast = bytes >= left;
    if (found !== null || isLast) return { found, isLast };
    bytes *= 2;
  }
}

/** Shorter where the file ends before. */
function bytesAt(file: number, position: number, count: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, count));
  const read = readSync(file, bytes, 0, bytes.length, position);
  return bytes.subarray(0, read);
}

/** Whether a log still holds what ends at a place: then whatever follows there continues it. */
export function continuesAt(path: string, place: Place): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const header = headerOf(bytesAt(file, 0, WAL_HEADER_BYTES));
    if (header?.salts !== place.salts) return false;
    const frameBytes = frameBytesOf(header);
    const frame = bytesAt(file, place.end - frameBytes, frameBytes);
    if (frame.length < frameBytes) return false;
    const [first, second] = place.sums;
    return frame.readUInt32BE(16) === first && frame.readUInt32BE(20) === second;
  } finally {
    closeSync(file);
  }
}
