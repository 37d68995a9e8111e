// The keys of the gateway: made at the first start, kept in a file of their own, never in the database or a log.

import type { KeyObject } from "node:crypto";
import { ed25519KeysFromSeed } from "@pass-tpe/protocol/standards";
import { z } from "zod";
import type { Random } from "../core/ports.js";

/** The constants that go into a card's diversified key (AN10922): they name the application, they are not secret. */
export const CARD_APPLICATION_ID = Buffer.from("F0A5A5", "hex");
export const CARD_SYSTEM_ID = Buffer.from("PASSREGION", "ascii");

const KEY_VERSION = 1;
const QR_KEY_ID = "1";

/** What verification and loading need. Key versions leave room for succession. */
export interface KeyRing {
  /** Opens the encrypted identity and counter of a card message. */
  readonly metaReadKey: Buffer;
  /** Diversified by card into the key of its message's MAC. */
  readonly cardMasterKey: Buffer;
  readonly cardKeyVersion: number;
  /** AES DUKPT base derivation key. */
  readonly pinBaseKey: Buffer;
  readonly pinKeyVersion: number;
  /** Makes PIN verification values. Ten thousand PINs fall to any hash once it leaks. */
  readonly pepper: Buffer;
  /** Makes the indexes of card numbers and identifiers, and the fingerprints of requests. */
  readonly indexKey: Buffer;
  /** Encrypts card numbers at rest (AES-256-GCM). */
  readonly numberKey: Buffer;
  readonly qr: {
    readonly keyId: string;
    readonly privateKey: KeyObject;
    readonly publicKey: KeyObject;
  };
}

const Hex16 = z.string().regex(/^[0-9a-f]{32}$/);
const Hex32 = z.string().regex(/^[0-9a-f]{64}$/);

/** The key file: every secret in hex. Written with owner-only rights by whoever keeps it. */
const KeyFileSchema = z.strictObject({
  metaReadKey: Hex16,
  cardMasterKey: Hex16,
  pinBaseKey: Hex16,
  pepper: Hex32,
  indexKey: Hex32,
  numberKey: Hex32,
  qrSeed: Hex32,
  /** Missing in a file of before the chain, until the gateway starts on it: see audit-key.ts. */
  auditSeed: Hex32.optional(),
});
export type KeyFile = z.infer<typeof KeyFileSchema>;

/** Draws a whole new set of keys. */
export function generateKeyFile(random: Random): KeyFile {
  const hex = (count: number) => Buffer.from(random.bytes(count)).toString("hex");
  return {
    metaReadKey: hex(16),
    cardMasterKey: hex(16),
    pinBaseKey: hex(16),
    pepper: hex(32),
    indexKey: hex(32),
    numberKey: hex(32),
    qrSeed: hex(32),
  };
}

/**
 * Reads a key file's content.
 *
 * @throws SyntaxError when it is not one; the message names no value.
 */
export function keyFileOf(content: unknown): KeyFile {
  const parsed = KeyFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new SyntaxError(`the key file is damaged (${fields}); restore it from its backup`);
}

/** The keys in a key file's content. @throws SyntaxError as {@link keyFileOf} does. */
export function keyRingOf(content: unknown): KeyRing {
  const file = keyFileOf(content);
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  return {
    metaReadKey: bytes(file.metaReadKey),
    cardMasterKey: bytes(file.cardMasterKey),
    cardKeyVersion: KEY_VERSION,
    pinBaseKey: bytes(file.pinBaseKey),
    pinKeyVersion: KEY_VERSION,
    pepper: bytes(file.pepper),
    indexKey: bytes(file.indexKey),
    numberKey: bytes(file.numberKey),
    qr: { keyId: QR_KEY_ID, ...ed25519KeysFromSeed(bytes(file.qrSeed)) },
  };
}
