// Reads the keys of a folder of before, when they lay open: what they are in the file that is sealed.

import { z } from "zod";
import type { Random } from "../core/ports.js";
import { drawAuditSeed } from "./audit-key.js";
import {
  baseKeyId,
  damagedKeyFile,
  FIRST,
  KEY_FILE_FORMAT,
  type KeyMaterial,
  qrKeyId,
} from "./key-file.js";

const Hex16 = z.string().regex(/^[0-9a-f]{32}$/);
const Hex32 = z.string().regex(/^[0-9a-f]{64}$/);

const KeyFileOfBeforeSchema = z.strictObject({
  metaReadKey: Hex16,
  cardMasterKey: Hex16,
  pinBaseKey: Hex16,
  pepper: Hex32,
  indexKey: Hex32,
  numberKey: Hex32,
  qrSeed: Hex32,
  /** Missing in a file of before the chain. */
  auditSeed: Hex32.optional(),
});

/** Whether this is the content of a key file that lies open. */
export function isKeyFileOfBefore(content: unknown): boolean {
  return typeof content === "object" && content !== null && "metaReadKey" in content;
}

/**
 * The keys of a file of before, each as the first version of its kind: cards, PINs and codes go on as they are.
 *
 * @throws SyntaxError when it is not one; the message names fields and no value.
 */
export function keysOfBefore(content: unknown, random: Random): KeyMaterial {
  const parsed = KeyFileOfBeforeSchema.safeParse(content);
  if (!parsed.success) throw damagedKeyFile(parsed.error);
  const { metaReadKey, cardMasterKey, pinBaseKey, pepper, qrSeed, auditSeed, ...same } =
    parsed.data;
  return {
    format: KEY_FILE_FORMAT,
    cards: [{ ...FIRST, metaReadKey, masterKey: cardMasterKey }],
    pinBaseKeys: [{ ...FIRST, id: baseKeyId(1), key: pinBaseKey }],
    peppers: [{ ...FIRST, key: pepper }],
    qr: [{ ...FIRST, keyId: qrKeyId(1), seed: qrSeed }],
    ...same,
    auditSeed: auditSeed ?? drawAuditSeed(random),
  };
}
