// AES on whole blocks without padding, the only way the card and PIN standards use it.
import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from "node:crypto";

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

/** An AES key made ready once for as many single blocks as come: making it ready costs more than a block. */
export interface BlockCipher {
  /** Of the key. */
  readonly byteLength: number;
  /** @param block 16 bytes. @throws RangeError on another length. */
  encrypt(block: Uint8Array): Buffer;
  /** The inverse, with the same limit. */
  decrypt(block: Uint8Array): Buffer;
}

/**
 * Makes a key ready.
 *
 * @throws RangeError when the key is not 16, 24 or 32 bytes.
 */
export function prepareAes(key: Uint8Array): BlockCipher {
  assertKey(key);
  const algorithm = `aes-${key.byteLength * 8}-ecb`;
  let [cipher, decipher]: [Cipher | null, Decipher | null] = [null, null];
  return {
    byteLength: key.byteLength,
    encrypt(block) {
      assertOneBlock(block);
      // Of single blocks nothing is carried on from one to the next.
      cipher ??= createCipheriv(algorithm, key, null).setAutoPadding(false);
      return cipher.update(block);
    },
    decrypt(block) {
      assertOneBlock(block);
      decipher ??= createDecipheriv(algorithm, key, null).setAutoPadding(false);
      return decipher.update(block);
    },
  };
}

/** The two byte strings, of one length, combined bit by bit with exclusive or. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  if (a.byteLength !== b.byteLength) {
    throw new RangeError(`xor: ${a.byteLength} and ${b.byteLength} bytes; pass one length`);
  }
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

function cbcAlgorithm(key: Uint8Array): string {
  assertKey(key);
  return `aes-${key.byteLength * 8}-cbc`;
}

function assertKey(key: Uint8Array): void {
  if (![16, 24, 32].includes(key.byteLength)) {
    throw new RangeError(`AES key: the caller must pass 16, 24 or 32 bytes, not ${key.byteLength}`);
  }
}

function assertOneBlock(block: Uint8Array): void {
  if (block.byteLength !== AES_BLOCK_BYTES) {
    throw new RangeError(`AES block: the caller must pass 16 bytes, not ${block.byteLength} bytes`);
  }
}

function assertWholeBlocks(data: Uint8Array): void {
  if (data.byteLength % AES_BLOCK_BYTES !== 0) {
    throw new RangeError(
      `AES data: the caller must pass whole blocks of 16 bytes, not ${data.byteLength} bytes`,
    );
  }
}
