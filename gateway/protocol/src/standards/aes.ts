// AES on whole blocks without padding, the only way the card and PIN standards use it.
import { createCipheriv, createDecipheriv } from "node:crypto";

/** The block of AES, in bytes; every CBC argument is a multiple of it. */
export const AES_BLOCK_BYTES = 16;

const ZERO_IV = new Uint8Array(AES_BLOCK_BYTES);

type CbcOptions = { key: Uint8Array; data: Uint8Array; iv?: Uint8Array };

/**
 * AES-CBC encryption of whole blocks; one block with the default zero vector is plain AES.
 *
 * @throws RangeError when the key is not 16, 24 or 32 bytes, or the data is not whole blocks.
 */
export function encryptBlocks({ key, data, iv = ZERO_IV }: CbcOptions): Buffer {
  assertWholeBlocks(data);
  const cipher = createCipheriv(cbcAlgorithm(key), key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** The inverse of {@link encryptBlocks}, with the same limits and errors. */
export function decryptBlocks({ key, data, iv = ZERO_IV }: CbcOptions): Buffer {
  assertWholeBlocks(data);
  const decipher = createDecipheriv(cbcAlgorithm(key), key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

/** The two byte strings, of one length, combined bit by bit with exclusive or. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  if (a.byteLength !== b.byteLength) {
    throw new RangeError(`xor: ${a.byteLength} and ${b.byteLength} bytes; pass one length`);
  }
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

function cbcAlgorithm(key: Uint8Array): string {
  if (![16, 24, 32].includes(key.byteLength)) {
    throw new RangeError(`AES key: the caller must pass 16, 24 or 32 bytes, not ${key.byteLength}`);
  }
  return `aes-${key.byteLength * 8}-cbc`;
}

function assertWholeBlocks(data: Uint8Array): void {
  if (data.byteLength % AES_BLOCK_BYTES !== 0) {
    throw new RangeError(
      `AES data: the caller must pass whole blocks of 16 bytes, not ${data.byteLength} bytes`,
    );
  }
}
