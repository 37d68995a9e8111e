// The terminal's private key and what is asked of the gateway's authority for it.

import { constants, createPublicKey, generateKeyPair, privateEncrypt } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

const RSA_BITS = 2048;

const makePair = promisify(generateKeyPair);

/** Makes an RSA key on another thread, so that a sale is not held up. @returns PEM, PKCS#8, not encrypted. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await makePair("rsa", {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}

/**
 * A certificate request for a private key. The gateway takes nothing but the public key from it: the name is a filler.
 *
 * Source: RFC 2986 §4.
 *
 * @returns PEM.
 */
export function certificateRequest(privateKeyPem: string): string {
  const privateKey = signingKey(privateKeyPem);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  request.setSubject([{ name: "commonName", value: "terminal" }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

/** DigestInfo of a SHA-256, up to the digest itself (RFC 8017 §9.2, note 1). */
const SHA256_INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");

/** A key by which forge signs SHA-256 digests in native code: its own takes long, and a till stands still meanwhile. */
export function signingKey(privateKeyPem: string): forge.pki.rsa.PrivateKey {
  const key = { key: privateKeyPem, padding: constants.RSA_PKCS1_PADDING };
  return {
    ...forge.pki.privateKeyFromPem(privateKeyPem),
    sign(md) {
      if (typeof md === "string") throw new Error("BUG: forge signs by a digest");
      const digest = Buffer.from(md.digest().getBytes(), "binary");
      return privateEncrypt(key, Buffer.concat([SHA256_INFO, digest])).toString("binary");
    },
  };
}

/** The public half of a private key, DER, SubjectPublicKeyInfo. */
export function publicKeyOf(privateKeyPem: string): Buffer {
  return createPublicKey(privateKeyPem).export({ format: "der", type: "spki" });
}
