// The one step of AES DUKPT, a key made from the key above it, which terminal and gateway both take.
import { encryptBlocks } from "./aes.js";
import { assertLength } from "./bytes.js";

/** The length of an initial key id: base key id (4), then derivation id (4). */
export const KEY_ID_BYTES = 8;

/** Derivation data begins with this version of its layout (X9.24-3-2017 section 6.3.2). */
const LAYOUT_VERSION = 0x01;
const BLOCK_BITS = 128;

/** Key usage indicators (X9.24-3-2017 section 6.3.2, tables 2 and 3). */
export const KEY_USAGE = {
  pinEncryption: 0x1000,
  macGeneration: 0x2000,
  macVerification: 0x2001,
  dataEncryption: 0x3000,
  dataDecryption: 0x3001,
  keyDerivation: 0x8000,
  initialKey: 0x8001,
} as const;

/** Algorithm indicators (X9.24-3-2017 section 6.3.2, table 4). */
const AES_ALGORITHM = { 128: 0x0002, 256: 0x0004 } as const;
const HMAC_ALGORITHM = 0x0005;

/** What a working key is for, as the terminal sees it. A key of one usage opens nothing of another. */
export type DukptUsage = Exclude<keyof typeof KEY_USAGE, "keyDerivation" | "initialKey">;

/** The length of a key in bits. */
export type KeyBits = 128 | 256;

/** Which working key of a counter is wanted. */
export interface WorkingKeyKind {
  readonly usage: DukptUsage;
  /** 128 by default; never more than the initial key has. */
  readonly keyBits?: KeyBits;
  /** What the key is used with: AES (the default) or HMAC. */
  readonly algorithm?: "aes" | "hmac";
}

/** A counter of one terminal. */
interface Position {
  readonly initialKeyId: Uint8Array;
  readonly counter: number;
}

/**
 * The derivation key of a counter from that of the counter without its lowest one-bit, as long as it.
 *
 * @throws RangeError when a length is wrong.
 * Source: ANSI X9.24-3-2017 sections 6.3.1 and 6.3.2.
 */
export function deriveChildKey(options: Position & { readonly key: Uint8Array }): Buffer {
  const { key } = options;
  const keyBits = keyBitsOf(key);
  const tail = transactionTail(options);
  const data = derivationData({ usage: KEY_USAGE.keyDerivation, keyBits, tail });
  return deriveKey({ key, keyBits, data });
}

/**
 * The working key of a counter from the derivation key of that counter.
 *
 * @throws RangeError when a length is wrong.
 * Source: ANSI X9.24-3-2017 sections 6.3.1 and 6.3.3; 6.1.3 for the length.
 */
export function deriveWorkingKeyFrom(
  options: Position & WorkingKeyKind & { readonly transactionKey: Uint8Array },
): Buffer {
  const { transactionKey: key, usage, keyBits = 128, algorithm } = options;
  if (keyBits > keyBitsOf(key)) {
    throw new RangeError("keyBits: a working key may not be longer than the initial key");
  }
  const tail = transactionTail(options);
  const data = derivationData({ usage: KEY_USAGE[usage], keyBits, tail, algorithm });
  return deriveKey({ key, keyBits, data });
}

/** Encrypts the derivation data, once for each AES block of the new key. */
export function deriveKey(options: { key: Uint8Array; keyBits: KeyBits; data: Buffer }): Buffer {
  const { key, keyBits, data } = options;
  const blocks: Buffer[] = [];
  for (let block = 1; block <= keyBits / BLOCK_BITS; block += 1) {
    const numbered = Buffer.from(data);
    numbered[1] = block;
    blocks.push(encryptBlocks({ key, data: numbered }));
  }
  return Buffer.concat(blocks);
}

/**
 * The data that the first block of a key is derived from, 16 bytes: version, block number, usage (2), algorithm (2),
 * length in bits (2), tail (8).
 */
export function derivationData(options: {
  usage: number;
  keyBits: KeyBits;
  tail: Uint8Array;
  algorithm?: "aes" | "hmac" | undefined;
}): Buffer {
  const { usage, keyBits, tail, algorithm = "aes" } = options;
  const head = Buffer.alloc(8);
  head.writeUInt8(LAYOUT_VERSION, 0);
  head.writeUInt8(1, 1);
  head.writeUInt16BE(usage, 2);
  head.writeUInt16BE(algorithm === "hmac" ? HMAC_ALGORITHM : AES_ALGORITHM[keyBits], 4);
  head.writeUInt16BE(keyBits, 6);
  return Buffer.concat([head, tail]);
}

/** The length of a key. @throws RangeError where it is neither 16 nor 32 bytes: others are not used here. */
export function keyBitsOf(key: Uint8Array): KeyBits {
  if (key.byteLength === 16) return 128;
  if (key.byteLength === 32) return 256;
  throw new RangeError(`DUKPT key: the caller must pass 16 or 32 bytes, not ${key.byteLength}`);
}

/** The derivation id, which is the right half of the initial key id, and the counter. */
function transactionTail({ initialKeyId, counter }: Position): Buffer {
  assertLength({ name: "initialKeyId", bytes: initialKeyId, length: KEY_ID_BYTES });
  const tail = Buffer.concat([initialKeyId.subarray(4), Buffer.alloc(4)]);
  tail.writeUInt32BE(counter, 4);
  return tail;
}
