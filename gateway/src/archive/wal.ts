// Reads SQLite's write-ahead log (sqlite.org/fileformat2 section 4): where its last commit ends, by its own checksums.

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** The magic numbers: the last bit says in which order of bytes the checksums are made. */
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;
const FORMAT = 3_007_000;

/** Both halves of a checksum. Each frame's is made on from the one before. */
export type Sums = readonly [number, number];

/** One filling of the log, from one checkpoint to the next; its salts tell it from every other. */
export interface WalHeader {
  /** Both salts, 16 hex digits. */
  readonly salts: string;
  readonly pageBytes: number;
  readonly isLittleEndian: boolean;
  readonly sums: Sums;
}

/** A place right behind a commit. */
export interface Commit {
  /** Bytes from the begin of the log. */
  readonly end: number;
  readonly sums: Sums;
}

export const WAL_HEADER_BYTES = HEADER_BYTES;

/** Null where the log is empty, or its header is none that SQLite would go on from. */
export function headerOf(bytes: Buffer): WalHeader | null {
  if (bytes.length < HEADER_BYTES) return null;
  const magic = bytes.readUInt32BE(0);
  const isLittleEndian = magic === MAGIC_LITTLE;
  if (!isLittleEndian && magic !== MAGIC_BIG) return null;
  if (bytes.readUInt32BE(4) !== FORMAT) return null;
  const sums = summed(bytes.subarray(0, HEADER_BYTES - 8), [0, 0], isLittleEndian);
  if (!isWritten(bytes, HEADER_BYTES - 8, sums)) return null;
  const salts = bytes.toString("hex", 16, 24);
  return { salts, pageBytes: bytes.readUInt32BE(8), isLittleEndian, sums };
}

export const frameBytesOf = ({ pageBytes }: WalHeader): number => FRAME_HEADER_BYTES + pageBytes;

/**
 * The last commit in bytes that follow a place in the log; null where there is none. A frame that does not hold ends the
 * search, as it does when SQLite recovers: it was never committed, or it is of an earlier filling.
 */
export function lastCommitIn(
  bytes: Buffer,
  { header, from }: { readonly header: WalHeader; readonly from: Commit },
): Commit | null {
  const frameBytes = frameBytesOf(header);
  let [sums, found]: [Sums, Commit | null] = [from.sums, null];
  for (let at = 0; at + frameBytes <= bytes.length; at += frameBytes) {
    const frame = bytes.subarray(at, at + frameBytes);
    if (frame.toString("hex", 8, 16) !== header.salts) break;
    sums = summed(frame.subarray(0, 8), sums, header.isLittleEndian);
    sums = summed(frame.subarray(FRAME_HEADER_BYTES), sums, header.isLittleEndian);
    if (!isWritten(frame, 16, sums)) break;
    const pagesAfterCommit = frame.readUInt32BE(4);
    if (pagesAfterCommit > 0) found = { end: from.end + at + frameBytes, sums };
  }
  return found;
}

function isWritten(bytes: Buffer, at: number, [first, second]: Sums): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

function summed(bytes: Buffer, [one, two]: Sums, isLittleEndian: boolean): Sums {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [first, second] = [one, two];
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, isLittleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, isLittleEndian) + first) >>> 0;
  }
  return [first, second];
}
