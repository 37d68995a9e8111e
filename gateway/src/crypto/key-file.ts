// What a gateway keeps secret, as it stands inside the sealed file: every version of every key, in hex.

import { z } from "zod";
import type { Random } from "../core/ports.js";
import { drawAuditSeed } from "./audit-key.js";

/** The format of this file's content. Format 1 lay open in three files: see key-file-before.ts. */
export const KEY_FILE_FORMAT = 2;

/** The first base key's id: it begins every initial key id (ANSI X9.24-3-2017: BDK id ‖ derivation id). */
const FIRST_BASE_KEY_ID = 0x50_41_53_53;
const BASE_KEY_ID_BYTES = 4;

/** Each version that is accepted is tried at each tap, so there are never many. */
export const VERSIONS_MAX = 8;

const Hex16 = z.string().regex(/^[0-9a-f]{32}$/);
const Hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const BaseKeyId = z.string().regex(/^[0-9A-F]{8}$/);
const QrKeyId = z.string().regex(/^[0-9A-Z]{1,8}$/);
const Pem = z.string().startsWith("-----BEGIN ");

const VERSIONED = {
  version: z.int().min(1),
  state: z.enum(["current", "accepted"]),
};

/** All versions of one kind. Exactly one is current, and no two have one number. */
function versionsOf<T extends z.ZodObject<typeof VERSIONED>>(item: T) {
  return z
    .array(item)
    .min(1)
    .max(VERSIONS_MAX)
    .refine((items) => items.filter(({ state }) => state === "current").length === 1)
    .refine((items) => new Set(items.map(({ version }) => version)).size === items.length);
}

export const IdentitySchema = z.strictObject({ certificate: Pem, privateKey: Pem });

/** The gateway's own certificate, and the names that it was asked to stand for. */
export const ServerSchema = z.strictObject({
  ...IdentitySchema.shape,
  hosts: z.array(z.string()),
});

const KeyFileSchema = z.strictObject({
  format: z.literal(KEY_FILE_FORMAT),
  /** By set: the key that opens the message of every card, and the one that each card's own is made from. */
  cards: versionsOf(z.strictObject({ ...VERSIONED, metaReadKey: Hex16, masterKey: Hex16 })),
  /** AES DUKPT base derivation keys. */
  pinBaseKeys: versionsOf(z.strictObject({ ...VERSIONED, id: BaseKeyId, key: Hex16 })),
  /** Make PIN verification values. Ten thousand PINs fall to any hash once one leaks. */
  peppers: versionsOf(z.strictObject({ ...VERSIONED, key: Hex32 })),
  /** Ed25519 seeds. */
  qr: versionsOf(z.strictObject({ ...VERSIONED, keyId: QrKeyId, seed: Hex32 })),
  /** Makes the indexes of card numbers and identifiers, and the fingerprints of requests. */
  indexKey: Hex32,
  /** Encrypts card numbers at rest. */
  numberKey: Hex32,
  auditSeed: Hex32,
  authority: IdentitySchema,
  server: ServerSchema,
});
export type KeyFile = z.infer<typeof KeyFileSchema>;
export type KeyMaterial = Omit<KeyFile, "authority" | "server">;

/** Draws a whole first set of keys. The certificates are whose who knows names and instant. */
export function drawKeys(random: Random): KeyMaterial {
  return {
    format: KEY_FILE_FORMAT,
    cards: [{ ...FIRST, ...drawCardKeys(random) }],
    pinBaseKeys: [{ ...FIRST, id: baseKeyId(1), key: drawHex(random, 16) }],
    peppers: [{ ...FIRST, key: drawHex(random, 32) }],
    indexKey: drawHex(random, 32),
    numberKey: drawHex(random, 32),
    qr: [{ ...FIRST, keyId: qrKeyId(1), seed: drawHex(random, 32) }],
    auditSeed: drawAuditSeed(random),
  };
}

export const FIRST = { version: 1, state: "current" } as const;

/** The keys of one set of cards. */
export function drawCardKeys(random: Random) {
  return { metaReadKey: drawHex(random, 16), masterKey: drawHex(random, 16) };
}

/** Random bytes in hex. */
export function drawHex(random: Random, byteCount: number): string {
  return Buffer.from(random.bytes(byteCount)).toString("hex");
}

/** The id of a base key by its version: a version's number is never given again, so neither is its id. */
export function baseKeyId(version: number): string {
  const id = Buffer.alloc(BASE_KEY_ID_BYTES);
  id.writeUInt32BE(FIRST_BASE_KEY_ID + version - 1);
  return id.toString("hex").toUpperCase();
}

/** The key id that a QR token names, by the version of its key. */
export function qrKeyId(version: number): string {
  return String(version);
}

/**
 * Reads a key file's content.
 *
 * @throws SyntaxError when it is not one; the message names fields and no value.
 */
export function keyFileOf(content: unknown): KeyFile {
  const parsed = KeyFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw damagedKeyFile(parsed.error);
}

/** A key file's content is not as it should be. */
export function damagedKeyFile(error: z.ZodError): SyntaxError {
  const fields = error.issues.map((issue) => issue.path.join(".")).join(", ");
  return new SyntaxError(`the key file is damaged (${fields}); restore it from its backup`);
}
