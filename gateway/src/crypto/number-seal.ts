// How a card number stands in the database: encrypted, readable to whoever holds the number key.

import { createCipheriv, createDecipheriv } from "node:crypto";
import { assert, BugError } from "../core/assert.js";
import type { Random } from "../core/ports.js";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D): nonce ‖ ciphertext ‖ tag. */
export function sealNumber(input: {
  readonly numberKey: Uint8Array;
  readonly random: Random;
  readonly cardNumber: string;
}): Buffer {
  const nonce = input.random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, input.numberKey, nonce);
  return Buffer.concat([
    nonce,
    cipher.update(input.cardNumber, "ascii"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Opens what {@link sealNumber} sealed. @throws BugError when it was sealed under another key, or is damaged. */
export function openNumber(numberKey: Uint8Array, sealedNumber: Uint8Array): string {
  assert(sealedNumber.byteLength > NONCE_BYTES + TAG_BYTES, "a sealed number has its whole length");
  const decipher = createDecipheriv(CIPHER, numberKey, sealedNumber.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealedNumber.subarray(-TAG_BYTES));
  const plain = decipher.update(sealedNumber.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]).toString("ascii");
  } catch {
    throw new BugError("a stored card number does not open: it was not sealed by this gateway");
  }
}
