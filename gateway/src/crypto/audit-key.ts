// The key that signs the heads of the chain: apart from all others, for whoever holds it can make the past anew.

import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { ed25519KeysFromSeed, ed25519Sign } from "@pass-tpe/protocol/standards";
import type { Random } from "../core/ports.js";

const SEED_BYTES = 32;

/** Hex digits of a key's id. */
const KEY_ID_DIGITS = 16;

export interface AuditKey {
  /** The first digits of SHA-256 over the public key. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** SPKI, DER in base64. */
  readonly publicKeyBase64: string;
  /** Ed25519. */
  sign(message: Uint8Array): Uint8Array;
}

/** Draws the seed of a new audit key, in hex. */
export function drawAuditSeed(random: Random): string {
  return Buffer.from(random.bytes(SEED_BYTES)).toString("hex");
}

/** The key of a seed in hex. */
export function auditKeyOf(seed: string): AuditKey {
  const { privateKey, publicKey } = ed25519KeysFromSeed(Buffer.from(seed, "hex"));
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    keyId: createHash("sha256").update(spki).digest("hex").slice(0, KEY_ID_DIGITS),
    publicKey,
    publicKeyBase64: spki.toString("base64"),
    sign: (message) => ed25519Sign({ privateKey, message }),
  };
}

/**
 * Reads a public key as it is handed to an auditor: SPKI, as PEM or as DER in base64.
 *
 * @throws SyntaxError when it is no Ed25519 key.
 */
export function readAuditPublicKey(text: string): KeyObject {
  const body = text.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, "");
  const key = parsed(Buffer.from(body, "base64"));
  if (key?.asymmetricKeyType !== "ed25519") {
    throw new SyntaxError("this is no Ed25519 public key in SPKI, as PEM or in base64");
  }
  return key;
}

function parsed(der: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return null;
  }
}
