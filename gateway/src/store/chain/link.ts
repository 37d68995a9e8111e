// What a link's hash and a head's signature are made over; anybody can make both again from the rows.

import type { ChainRow, HeadRow, LinkRow } from "./driver.js";
import { bytesOf, SHA256_BYTES, sha256 } from "./sha256.js";

const NUMBER_BYTES = 8;

/** What the first link follows. */
export const BEFORE_FIRST: Pick<LinkRow, "no" | "hash"> = {
  no: 0,
  hash: bytesOf(sha256("pass-tpe chain 1")),
};

/**
 * SHA-256 of the hash before ‖ number ‖ the row's seq ‖ its source ‖ its digest; both numbers as 8 bytes, big-endian.
 *
 * @param before the hash of the link before.
 * @param no the number of this one.
 */
export function linkHash(before: Uint8Array, no: number, row: ChainRow): Buffer {
  const noAt = before.length;
  const seqAt = noAt + NUMBER_BYTES;
  const sourceAt = seqAt + NUMBER_BYTES;
  const digestAt = sourceAt + row.source.length;
  const message = Buffer.allocUnsafe(digestAt + SHA256_BYTES);
  message.set(before);
  message.writeBigInt64BE(BigInt(no), noAt);
  message.writeBigInt64BE(BigInt(row.seq), seqAt);
  message.write(row.source, sourceAt, "latin1");
  message.write(row.shape.digestOf(row.values), digestAt, "latin1");
  return bytesOf(sha256(message));
}

/** The link of a row after another. */
export function linkAfter(before: Pick<LinkRow, "no" | "hash">, row: ChainRow): LinkRow {
  const no = before.no + 1;
  return { no, source: row.source, rowSeq: row.seq, hash: linkHash(before.hash, no, row) };
}

/** What a head's signature is over: ASCII, so that other tools can check it. */
export function headMessage({ no, hash, atMs }: Omit<HeadRow, "signature">): Uint8Array {
  return Buffer.from(`pass-tpe head 1 ${no} ${Buffer.from(hash).toString("hex")} ${atMs}`, "ascii");
}
