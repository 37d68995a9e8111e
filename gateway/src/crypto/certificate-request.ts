// Reads what a terminal asks a certificate with: nothing is taken from a request but its public key.

import { createHash, createPublicKey } from "node:crypto";
import forge from "node-forge";

const RSA_BITS_MIN = 2048;
/** A larger key would cost the gateway time at every handshake, and gives a till nothing. */
const RSA_BITS_MAX = 4096;
/** The one exponent in use: a small one is fragile, a large one makes every signature dear to check. */
const RSA_EXPONENT = 65_537;

/** RSA PKCS#1 v1.5 with a hash that is still good (RFC 8017, appendix A.2.4). */
const SIGNATURES: ReadonlySet<string> = new Set([
  "1.2.840.113549.1.1.11", // with SHA-256
  "1.2.840.113549.1.1.12", // with SHA-384
  "1.2.840.113549.1.1.13", // with SHA-512
]);

const PEM =
  /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;

export type CertificateRequest =
  | {
      readonly type: "read";
      /** SPKI, PEM. */
      readonly publicKey: string;
      /** SHA-256 of the key's SPKI, DER: tells the same key from another. */
      readonly keyHash: Buffer;
    }
  | {
      readonly type: "refused";
      /** For the integrator; repeats nothing of the request. */
      readonly reason: string;
    };

/**
 * Reads a certificate request (PKCS#10, RFC 2986) and checks that its sender has the private key: it is signed with it.
 * Whatever it says of its subject is not looked at. Never throws for a bad request.
 *
 * @param pem at most some thousand characters: the caller bounds it.
 */
export function readCertificateRequest(pem: string): CertificateRequest {
  const request = parse(pem);
  if (request === null) return refused("is not a PKCS#10 request for an RSA key in PEM");
  const key = request.publicKey;
  if (!isRsa(key)) return refused("is not a PKCS#10 request for an RSA key in PEM");
  const bits = key.n.bitLength();
  if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
    return refused(
      `has an RSA key of ${bits} bits; ${RSA_BITS_MIN} to ${RSA_BITS_MAX} are accepted`,
    );
  }
  if (key.e.compareTo(exponent()) !== 0) {
    return refused(`has an RSA key with another exponent than ${RSA_EXPONENT}`);
  }
  if (!SIGNATURES.has(request.signatureOid ?? "")) {
    return refused("is not signed with RSA (PKCS#1 v1.5) and SHA-256, SHA-384 or SHA-512");
  }
  if (!isSigned(request)) return refused("is not signed with the key that it is for");
  return read(key);
}

function refused(reason: string): CertificateRequest {
  return { type: "refused", reason };
}

type Parsed = ReturnType<typeof forge.pki.certificationRequestFromAsn1>;

function parse(pem: string): Parsed | null {
  const [, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) return null;
  const der = Buffer.from(base64, "base64").toString("binary");
  try {
    const asn1 = forge.asn1.fromDer(der, true);
    return forge.pki.certificationRequestFromAsn1(asn1, true);
  } catch {
    // Not the parser's own words: they repeat what was sent.
    return null;
  }
}

function isRsa(key: Parsed["publicKey"]): key is forge.pki.rsa.PublicKey {
  return key !== null && "n" in key && "e" in key;
}

function exponent(): forge.jsbn.BigInteger {
  return new forge.jsbn.BigInteger(String(RSA_EXPONENT), 10);
}

function isSigned(request: Parsed): boolean {
  try {
    return request.verify();
  } catch {
    return false;
  }
}

/** The key as OpenSSL reads it: written in one way, whatever way it was sent in. */
function read(key: forge.pki.rsa.PublicKey): CertificateRequest {
  try {
    const publicKey = createPublicKey(forge.pki.publicKeyToPem(key));
    const der = publicKey.export({ type: "spki", format: "der" });
    return {
      type: "read",
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
      keyHash: createHash("sha256").update(der).digest(),
    };
  } catch {
    return refused("has a key that is no RSA key");
  }
}
