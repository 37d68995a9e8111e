// AES DUKPT: a new key for every PIN, from which no earlier or later key follows.
import { assertLength, fromHex, hex } from "./bytes.js";
import {
  derivationData,
  deriveChildKey,
  deriveKey,
  deriveWorkingKeyFrom,
  KEY_ID_BYTES,
  KEY_USAGE,
  type KeyBits,
  keyBitsOf,
  type WorkingKeyKind,
} from "./dukpt-derivation.js";

export type { DukptUsage } from "./dukpt-derivation.js";

/** The highest transaction counter; a terminal that has used it needs a new initial key. */
export const MAX_DUKPT_COUNTER = 0xffff_0000;

/** A counter has at most so many one-bits, and so a key at most so many derivations. */
export const MAX_COUNTER_ONE_BITS = 16;

const COUNTER_BITS = 32;
const KSN_TEXT = /^[0-9A-Fa-f]{24}$/;

type TransactionKeyOptions = { initialKey: Uint8Array; initialKeyId: Uint8Array; counter: number };

/**
 * The initial key of one terminal, as long as the base key.
 *
 * @param options.baseKey the base derivation key, 16 or 32 bytes.
 * @param options.initialKeyId 8 bytes: base key id (4), then derivation id (4).
 * @throws RangeError on other lengths.
 * Source: ANSI X9.24-3-2017 sections 6.3.1 and 6.3.3.
 */
export function deriveInitialKey(options: {
  baseKey: Uint8Array;
  initialKeyId: Uint8Array;
}): Buffer {
  const { baseKey, initialKeyId } = options;
  const keyBits = keyBitsOf(baseKey);
  const data = initialKeyDerivationData({ keyBits, initialKeyId });
  return deriveKey({ key: baseKey, keyBits, data });
}

/** The data that the first block of an initial key is derived from, 16 bytes. */
export function initialKeyDerivationData(options: {
  keyBits: KeyBits;
  initialKeyId: Uint8Array;
}): Buffer {
  assertLength({ name: "initialKeyId", bytes: options.initialKeyId, length: KEY_ID_BYTES });
  return derivationData({
    usage: KEY_USAGE.initialKey,
    keyBits: options.keyBits,
    tail: options.initialKeyId,
  });
}

/**
 * The derivation key of one counter, as long as the initial key: one derivation for each one-bit.
 *
 * @throws RangeError when the counter is not usable; ask {@link isUsableCounter} first.
 * Source: ANSI X9.24-3-2017 sections 6.3.1 and 6.3.3, the host's way from the initial key.
 */
export function deriveTransactionKey(options: TransactionKeyOptions): Buffer {
  const { initialKey, initialKeyId, counter } = options;
  if (!isUsableCounter(counter)) {
    throw new RangeError(`counter ${counter} has no key; the caller must pass a usable counter`);
  }
  let key: Buffer = Buffer.from(initialKey);
  let reached = 0;
  for (let bit = COUNTER_BITS - 1; bit >= 0; bit -= 1) {
    const mask = 2 ** bit;
    if (Math.floor(counter / mask) % 2 === 0) continue;
    reached += mask;
    key = deriveChildKey({ key, initialKeyId, counter: reached });
  }
  return key;
}

/**
 * The working key of one counter and kind: the host's way, from the initial key.
 *
 * @throws RangeError when the counter is not usable or a length is wrong.
 * Source: ANSI X9.24-3-2017 sections 6.3.1 and 6.3.3; 6.1.3 for the length.
 */
export function deriveWorkingKey(options: TransactionKeyOptions & WorkingKeyKind): Buffer {
  return deriveWorkingKeyFrom({ ...options, transactionKey: deriveTransactionKey(options) });
}

/** Whether a counter has a key: 1 to MAX_DUKPT_COUNTER with at most MAX_COUNTER_ONE_BITS ones. */
export function isUsableCounter(counter: number): boolean {
  const isInRange = Number.isInteger(counter) && counter >= 1 && counter <= MAX_DUKPT_COUNTER;
  return isInRange && oneBits(counter) <= MAX_COUNTER_ONE_BITS;
}

/**
 * The next counter that has a key, or null when the initial key is used up.
 *
 * @param counter the last one used, 0 for a fresh initial key.
 * @throws RangeError when the counter is neither 0 nor usable: the caller's record is damaged.
 */
export function nextCounter(counter: number): number | null {
  if (counter !== 0 && !isUsableCounter(counter)) {
    throw new RangeError(`counter ${counter} was never in use; enrol the terminal again`);
  }
  // With all ones used, every value up to the next carry out of the lowest one has one too many.
  const isFull = oneBits(counter) === MAX_COUNTER_ONE_BITS;
  const next = counter + (isFull ? lowestOneBit(counter) : 1);
  return next <= MAX_DUKPT_COUNTER ? next : null;
}

/** The key serial number as 24 upper-case hex digits: initial key id (16), then counter (8). */
export function formatKsn(options: { initialKeyId: Uint8Array; counter: number }): string {
  const { initialKeyId, counter } = options;
  assertLength({ name: "initialKeyId", bytes: initialKeyId, length: KEY_ID_BYTES });
  return hex(Buffer.concat([initialKeyId, counterBytes(counter)])).toUpperCase();
}

/**
 * Takes a key serial number of 24 hex digits apart, or gives null for any other text.
 *
 * The counter may still be one without a key: ask {@link isUsableCounter}.
 */
export function parseKsn(text: string): { initialKeyId: Buffer; counter: number } | null {
  if (!KSN_TEXT.test(text)) return null;
  const bytes = fromHex(text);
  return {
    initialKeyId: bytes.subarray(0, KEY_ID_BYTES),
    counter: bytes.readUInt32BE(KEY_ID_BYTES),
  };
}

function counterBytes(counter: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(counter);
  return bytes;
}

/** How many one-bits a counter has. */
export function oneBits(counter: number): number {
  return counter.toString(2).replaceAll("0", "").length;
}

/** Of a counter with 16 one-bits, whose lowest is therefore never the sign bit of the result. */
function lowestOneBit(counter: number): number {
  return counter & -counter;
}
