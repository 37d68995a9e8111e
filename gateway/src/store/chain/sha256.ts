// SHA-256 in one call. A digest is text, a character for each byte, which costs half of what a buffer does.

import { hash } from "node:crypto";

export const SHA256_BYTES = 32;

/** @param message text is taken as UTF-8. */
export function sha256(message: string | Uint8Array): string {
  return hash("sha256", message, "binary");
}

/** The same digest as bytes. */
export function bytesOf(digest: string): Buffer {
  return Buffer.from(digest, "latin1");
}
