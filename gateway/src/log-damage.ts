// Tells a write-ahead log that is damaged from one that a crash cut off: in both, recovery ends at the first bad frame.

import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { createLogReader, READ_BYTES } from "./archive/log-reader.js";
import {
  frameBytesOf,
  headerOf,
  lastCommitIn,
  WAL_HEADER_BYTES,
  type WalHeader,
} from "./archive/wal.js";
import { damaged } from "./store/sqlite/database.js";

/** So much of a frame names its filling, whether it ends a transaction, and its checksum. */
const FRAME_HEADER_BYTES = 24;

/**
 * Looks at a database's log before anybody opens it, which would take what lies behind the damage for a torn end.
 *
 * @throws DatabaseSetupError where transactions that were committed stand behind a frame that does not hold.
 */
export function checkLog(databasePath: string): void {
  const path = `${databasePath}-wal`;
  const breakAt = breakIn(path);
  // Another process that writes it meanwhile looks the same for a moment; then it goes on behind this place.
  if (breakAt === null || breakAt !== breakIn(path)) return;
  const cause = new Error(`the write-ahead log does not hold at byte ${breakAt}, and goes on`);
  throw damaged(databasePath, cause);
}

/** Where a log does not hold though whole transactions follow; null where what follows is no more than a torn end. */
function breakIn(path: string): number | null {
  if (!existsSync(path)) return null;
  const reader = createLogReader(path, null);
  for (let piece = reader.next(); piece !== null && !piece.isLast; ) piece = reader.next();
  const end = reader.place()?.end ?? WAL_HEADER_BYTES;
  const file = openSync(path, "r");
  try {
    const header = headerOf(bytesAt(file, 0, WAL_HEADER_BYTES));
    return header !== null && isContinuedBehind(file, header, end) ? end : null;
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a commit, and a whole transaction that was made on top of it, stand behind a place. SQLite begins a transaction
 * only when the one before it is synced: a crash leaves at most one that is not whole, with nothing made on top of it.
 */
function isContinuedBehind(file: number, header: WalHeader, end: number): boolean {
  const frameBytes = frameBytesOf(header);
  const { size } = fstatSync(file);
  for (let at = end; at + 2 * frameBytes <= size; at += frameBytes) {
    const frame = bytesAt(file, at, FRAME_HEADER_BYTES);
    const isOfThisFilling = frame.toString("hex", 8, 16) === header.salts;
    if (!isOfThisFilling || frame.readUInt32BE(4) === 0) continue;
    const sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)] as const;
    const from = { end: at + frameBytes, sums };
    const bytes = bytesAt(file, from.end, Math.min(READ_BYTES, size - from.end));
    if (lastCommitIn(bytes, { header, from }) !== null) return true;
  }
  return false;
}

function bytesAt(file: number, position: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, readSync(file, bytes, 0, count, position));
}
