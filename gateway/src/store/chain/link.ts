// What a link's hash and a head's signature are made over; anybody can make both again from the rows.

import { createHash } from "node:crypto";
import type { ChainFields, ChainRow, HeadRow, LinkRow } from "./driver.js";

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What the first link follows. */
export const BEFORE_FIRST: Pick<LinkRow, "no" | "hash"> = {
  no: 0,
  hash: sha256("pass-tpe chain 1"),
};

/**
 * SHA-256 of a row as JSON with sorted keys, bytes as hex. What is null is left out, so that a column which is added
 * later leaves the links of earlier rows as they are.
 */
function rowDigest(fields: ChainFields): Buffer {
  const told: Record<string, string | number> = {};
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name] ?? null;
    if (value === null) continue;
    told[name] = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  }
  return sha256(JSON.stringify(told));
}

/**
 * SHA-256 of the hash before ‖ number ‖ the row's seq ‖ its source ‖ its digest; both numbers as 8 bytes, big-endian.
 *
 * @param before the hash of the link before.
 * @param no the number of this one.
 */
export function linkHash(before: Uint8Array, no: number, row: ChainRow): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64BE(BigInt(no), 0);
  numbers.writeBigInt64BE(BigInt(row.seq), 8);
  return sha256(before, numbers, row.source, rowDigest(row.fields));
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
