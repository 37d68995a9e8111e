// Ed25519 signatures, with which the issuer vouches for a QR code.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { assertLength } from "./bytes.js";

/** Length of a signature, in bytes. */
export const ED25519_SIGNATURE_BYTES = 64;

const SEED_BYTES = 32;

/** PKCS #8 of an Ed25519 private key, up to the seed (RFC 8410 section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The key pair of a 32-byte seed, which the caller draws at random or reads from the key store.
 *
 * @throws RangeError on another length.
 * Source: RFC 8032 section 5.1.5.
 */
export function ed25519KeysFromSeed(seed: Uint8Array): {
  privateKey: KeyObject;
  publicKey: KeyObject;
} {
  assertLength({ name: "seed", bytes: seed, length: SEED_BYTES });
  const key = Buffer.concat([PKCS8_HEAD, seed]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/**
 * The 64-byte signature of a message.
 *
 * @throws RangeError when the key is not an Ed25519 key.
 * Source: RFC 8032 section 5.1.6.
 */
export function ed25519Sign(options: { privateKey: KeyObject; message: Uint8Array }): Buffer {
  assertEd25519(options.privateKey);
  return sign(null, options.message, options.privateKey);
}

/**
 * Whether a signature over a message was made with the private half of a public key.
 *
 * @throws RangeError when the key is not an Ed25519 key.
 * Source: RFC 8032 section 5.1.7.
 */
export function ed25519Verify(options: {
  publicKey: KeyObject;
  message: Uint8Array;
  signature: Uint8Array;
}): boolean {
  assertEd25519(options.publicKey);
  return verify(null, options.message, options.publicKey, options.signature);
}

function assertEd25519(key: KeyObject): void {
  if (key.asymmetricKeyType !== "ed25519") {
    throw new RangeError(`the caller must pass an Ed25519 key, not ${key.asymmetricKeyType}`);
  }
}
