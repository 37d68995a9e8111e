// AES by the platform alone, to see what the product's functions hide.
import { createDecipheriv } from "node:crypto";

/** Opens whole blocks under plain AES, each for itself. */
export function rawDecrypt(key: Buffer, block: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
}
