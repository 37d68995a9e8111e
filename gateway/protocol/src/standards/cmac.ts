// AES-CMAC, the message authentication code under every card key.
import { AES_BLOCK_BYTES, type BlockCipher, prepareAes } from "./aes.js";

/** The bit that marks the end of the message in padding method 2 of ISO/IEC 9797-1. */
const PADDING_MARK = 0x80;

/** What doubling in GF(2^128) folds back in when a bit leaves at the top (RFC 4493 section 2.3). */
const FIELD_CONSTANT = 0x87;

/** A CMAC key made ready once, its subkeys too. */
export interface Cmac {
  /** Of the key. */
  readonly byteLength: number;
  /** As {@link aesCmac}. */
  of(message: Uint8Array): Buffer;
  /** As {@link cmacPaddedTo}. */
  paddedTo(message: Uint8Array, paddedLength: number): Buffer;
}

/**
 * Makes a key ready for as many messages as come.
 *
 * @param key 16 or 32 bytes, for AES-128 or AES-256.
 * @throws RangeError on another key length.
 */
export function prepareCmac(key: Uint8Array): Cmac {
  const cipher = prepareAes(key);
  const { k1, k2 } = subkeysOf(cipher);

  function paddedTo(message: Uint8Array, paddedLength: number): Buffer {
    if (message.byteLength > paddedLength) {
      throw new RangeError(
        `CMAC: the caller must pass at most ${paddedLength} bytes, not ${message.byteLength}`,
      );
    }
    const padded = Buffer.alloc(paddedLength);
    padded.set(message);
    const isFull = message.byteLength === paddedLength;
    if (!isFull) padded[message.byteLength] = PADDING_MARK;
    mix(padded.subarray(paddedLength - AES_BLOCK_BYTES), isFull ? k1 : k2);
    let chained = cipher.encrypt(padded.subarray(0, AES_BLOCK_BYTES));
    for (let from = AES_BLOCK_BYTES; from < paddedLength; from += AES_BLOCK_BYTES) {
      const block = padded.subarray(from, from + AES_BLOCK_BYTES);
      mix(block, chained);
      chained = cipher.encrypt(block);
    }
    return chained;
  }

  return {
    byteLength: cipher.byteLength,
    paddedTo,
    of: (message) => paddedTo(message, wholeBlocks(message.byteLength)),
  };
}

/** RFC 4493: an empty message is padded to one block. */
function wholeBlocks(length: number): number {
  return Math.max(1, Math.ceil(length / AES_BLOCK_BYTES)) * AES_BLOCK_BYTES;
}

/** Exclusive or, in place. */
function mix(block: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < AES_BLOCK_BYTES; index += 1) {
    block[index] = (block[index] ?? 0) ^ (other[index] ?? 0);
  }
}

/**
 * AES-CMAC of a message of any length.
 *
 * @param options.key 16 or 32 bytes, for AES-128 or AES-256.
 * @returns 16 bytes.
 * @throws RangeError on another key length.
 * Source: RFC 4493 section 2.4; NIST SP 800-38B for AES-256.
 */
export function aesCmac(options: { key: Uint8Array; message: Uint8Array }): Buffer {
  return prepareCmac(options.key).of(options.message);
}

/**
 * CMAC over a message padded to a stated number of whole blocks, even where one block would do.
 *
 * A full message is closed with subkey K1, a padded one with K2, as in RFC 4493. AN10922 alone
 * asks for a longer padding than the RFC.
 *
 * @param options.key bytes, or made ready.
 * @throws RangeError when the message does not fit the padded length.
 */
export function cmacPaddedTo(options: {
  key: Uint8Array | Cmac;
  message: Uint8Array;
  paddedLength: number;
}): Buffer {
  const { key, message, paddedLength } = options;
  const cmac = key instanceof Uint8Array ? prepareCmac(key) : key;
  return cmac.paddedTo(message, paddedLength);
}

/** The two subkeys of a CMAC key, 16 bytes each (RFC 4493 section 2.3). */
export function cmacSubkeys(key: Uint8Array): { k1: Buffer; k2: Buffer } {
  return subkeysOf(prepareAes(key));
}

function subkeysOf(cipher: BlockCipher): { k1: Buffer; k2: Buffer } {
  const k1 = doubled(cipher.encrypt(new Uint8Array(AES_BLOCK_BYTES)));
  return { k1, k2: doubled(k1) };
}

/** Multiplies by two in GF(2^128); no branch depends on the key. */
function doubled(block: Uint8Array): Buffer {
  const shifted = Buffer.alloc(AES_BLOCK_BYTES);
  let carry = 0;
  for (let index = AES_BLOCK_BYTES - 1; index >= 0; index -= 1) {
    const byte = block[index] ?? 0;
    shifted[index] = ((byte << 1) & 0xff) | carry;
    carry = byte >>> 7;
  }
  const last = AES_BLOCK_BYTES - 1;
  shifted[last] = (shifted[last] ?? 0) ^ (FIELD_CONSTANT * carry);
  return shifted;
}
