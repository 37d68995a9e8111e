// A file that opens for the holder of the store key alone, and that nobody can change without it.

import { createCipheriv, createDecipheriv } from "node:crypto";
import { z } from "zod";
import type { Random } from "../core/ports.js";

export const STORE_KEY_BYTES = 32;

const FORMAT = "pass-tpe sealed 1";
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const EnvelopeSchema = z.strictObject({
  format: z.literal(FORMAT),
  cipher: z.literal(CIPHER),
  /** Base64. */
  nonce: z.string(),
  /** Ciphertext ‖ tag, base64. */
  sealed: z.string(),
});
type Envelope = z.infer<typeof EnvelopeSchema>;

/** The file does not open. Who must act: the operator; the message says what to do and names no value. */
export class SealedFileError extends Error {
  override readonly name = "SealedFileError";
}

/**
 * Seals content as the text of a file: AES-256-GCM under a new nonce (NIST SP 800-38D).
 *
 * @param storeKey 32 bytes.
 */
export function sealFile(input: {
  readonly content: unknown;
  readonly storeKey: Uint8Array;
  readonly random: Random;
}): string {
  const nonce = Buffer.from(input.random.bytes(NONCE_BYTES));
  const cipher = createCipheriv(CIPHER, input.storeKey, nonce).setAAD(HEADER);
  const sealed = Buffer.concat([
    cipher.update(JSON.stringify(input.content), "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return textOf({
    format: FORMAT,
    cipher: CIPHER,
    nonce: nonce.toString("base64"),
    sealed: sealed.toString("base64"),
  });
}

/**
 * Opens what {@link sealFile} sealed.
 *
 * @throws SealedFileError under another key, and when anything of the text was changed or is missing.
 */
export function openSealedFile(text: string, storeKey: Uint8Array): unknown {
  const { nonce, sealed } = envelopeOf(text);
  const plain = decrypted({ nonce: bytesOf(nonce), sealed: bytesOf(sealed), storeKey });
  if (plain === null) {
    throw new SealedFileError(
      "does not open under this store key: give the store key that it was sealed under; if this is the one, the file is damaged, so restore it from its backup",
    );
  }
  return JSON.parse(plain);
}

const HEADER = Buffer.from(`${FORMAT} ${CIPHER}`, "ascii");
const bytesOf = (base64: string) => Buffer.from(base64, "base64");
const textOf = (envelope: Envelope) => `${JSON.stringify(envelope, null, 2)}\n`;

/** Written in one way alone, so that no changed byte goes unseen, be it one that changes nothing. */
function envelopeOf(text: string): Envelope {
  const parsed = EnvelopeSchema.safeParse(jsonOf(text));
  if (parsed.success && textOf(canonical(parsed.data)) === text) return parsed.data;
  throw new SealedFileError("is damaged: restore it from its backup");
}

const canonical = ({ format, cipher, nonce, sealed }: Envelope): Envelope => ({
  format,
  cipher,
  nonce: bytesOf(nonce).toString("base64"),
  sealed: bytesOf(sealed).toString("base64"),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function decrypted(input: {
  readonly nonce: Buffer;
  readonly sealed: Buffer;
  readonly storeKey: Uint8Array;
}): string | null {
  const { nonce, sealed, storeKey } = input;
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, storeKey, nonce).setAAD(HEADER);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
