// AES-CMAC, the message authentication code under every card key.
import { AES_BLOCK_BYTES, encryptBlocks, xor } from "./aes.js";

/** The bit that marks the end of the message in padding method 2 of ISO/IEC 9797-1. */
const PADDING_MARK = 0x80;

/** What doubling in GF(2^128) folds back in when a bit leaves at the top (RFC 4493 section 2.3). */
const FIELD_CONSTANT = 0x87;

/**
 * AES-CMAC of a message of any length.
 *
 * @param options.key 16 or 32 bytes, for AES-128 or AES-256.
 * @returns 16 bytes.
 * @throws RangeError on another key length.
 * Source: RFC 4493 section 2.4; NIST SP 800-38B for AES-256.
 */
export function aesCmac(options: { key: Uint8Array; message: Uint8Array }): Buffer {
  const { key, message } = options;
  const blocks = Math.max(1, Math.ceil(message.byteLength / AES_BLOCK_BYTES));
  return cmacPaddedTo({ key, message, paddedLength: blocks * AES_BLOCK_BYTES });
}

/**
 * CMAC over a message padded to a stated number of whole blocks, even where one block would do.
 *
 * A full message is closed with subkey K1, a padded one with K2, as in RFC 4493. AN10922 alone
 * asks for a longer padding than the RFC.
 *
 * @throws RangeError when the message does not fit the padded length.
 */
export function cmacPaddedTo(options: {
  key: Uint8Array;
  message: Uint8Array;
  paddedLength: number;
}): Buffer {
  const { key, message, paddedLength } = options;
  if (message.byteLength > paddedLength) {
    throw new RangeError(
      `CMAC: the caller must pass at most ${paddedLength} bytes, not ${message.byteLength}`,
    );
  }
  const { k1, k2 } = cmacSubkeys(key);
  const padded = Buffer.alloc(paddedLength);
  padded.set(message);
  const isFull = message.byteLength === paddedLength;
  if (!isFull) padded[message.byteLength] = PADDING_MARK;
  const lastBlock = padded.subarray(paddedLength - AES_BLOCK_BYTES);
  lastBlock.set(xor(lastBlock, isFull ? k1 : k2));
  return encryptBlocks({ key, data: padded }).subarray(paddedLength - AES_BLOCK_BYTES);
}

/** The two subkeys of a CMAC key, 16 bytes each (RFC 4493 section 2.3). */
export function cmacSubkeys(key: Uint8Array): { k1: Buffer; k2: Buffer } {
  const k1 = doubled(encryptBlocks({ key, data: new Uint8Array(AES_BLOCK_BYTES) }));
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
