// Checks which certificate requests are taken, and that nothing else is, whatever it is made of.
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import forge from "node-forge";
import { describe, expect, it } from "vitest";
import { readCertificateRequest } from "./certificate-request.js";

interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

function rsa(modulusLength = 2048): Pair {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

const PAIR = rsa();

/** A request for a key, signed with its own or another one. */
function requestFor(
  { publicKey, privateKey }: Pair,
  change: { readonly signer?: string; readonly hash?: forge.md.MessageDigest } = {},
): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicKey);
  request.setSubject([{ name: "commonName", value: "another terminal" }]);
  const { signer = privateKey, hash = forge.md.sha256.create() } = change;
  request.sign(forge.pki.privateKeyFromPem(signer), hash);
  return forge.pki.certificationRequestToPem(request);
}

/** A public key that only looks like one; the private key beside it is another's. */
function lookalike({ bits = 2048, exponent = 65_537 }): Pair {
  const { BigInteger } = forge.jsbn;
  const modulus = new BigInteger("1".padEnd(bits - 1, "0").concat("1"), 2);
  const key = forge.pki.setRsaPublicKey(modulus, new BigInteger(String(exponent), 10));
  return { publicKey: forge.pki.publicKeyToPem(key), privateKey: PAIR.privateKey };
}

const GOOD = requestFor(PAIR);

describe("a certificate request", () => {
  it("gives its public key and that key's hash", () => {
    const spki = createPublicKey(PAIR.publicKey).export({ type: "spki", format: "der" });
    expect(readCertificateRequest(GOOD)).toEqual({
      type: "read",
      publicKey: PAIR.publicKey,
      keyHash: createHash("sha256").update(spki).digest(),
    });
  });

  it.each([
    ["SHA-384", forge.md.sha384.create()],
    ["SHA-512", forge.md.sha512.create()],
  ])("may be signed with %s", (_name, hash) => {
    expect(readCertificateRequest(requestFor(PAIR, { hash })).type).toBe("read");
  });

  it("may come with the line ends and the header of other tools", () => {
    const other = GOOD.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    expect(readCertificateRequest(other).type).toBe("read");
    expect(readCertificateRequest(GOOD.replaceAll("\r\n", "\n")).type).toBe("read");
  });

  it("may be for a larger key", () => {
    expect(readCertificateRequest(requestFor(rsa(3072))).type).toBe("read");
  });

  it.each([
    ["a key that is too small", () => requestFor(lookalike({ bits: 2047 })), /2047 bits/],
    ["a key that is too large", () => requestFor(lookalike({ bits: 4097 })), /4097 bits/],
    ["the largest key, which is another's", () => requestFor(lookalike({ bits: 4096 })), /signed/],
    ["another exponent", () => requestFor(lookalike({ exponent: 3 })), /exponent/],
    ["SHA-1", () => requestFor(PAIR, { hash: forge.md.sha1.create() }), /SHA-256/],
    ["another key's signature", () => requestFor(PAIR, { signer: rsa().privateKey }), /signed/],
    ["a changed byte in its subject", () => withByteAt(30), /./],
    ["a changed byte in its signature", () => withByteAt(-1), /signed/],
    ["what is only a public key", () => PAIR.publicKey, /PKCS#10/],
    ["bytes after its end", () => withBytes((der) => Buffer.concat([der, der])), /PKCS#10/],
    ["nothing", () => "", /PKCS#10/],
    ["two requests", () => GOOD + GOOD, /PKCS#10/],
    ["deep nesting", () => pemOf(Buffer.alloc(6_000, "3080", "hex")), /PKCS#10/],
  ])("is refused with %s", (_name, make, reason) => {
    expect(readCertificateRequest(make())).toEqual({
      type: "refused",
      reason: expect.stringMatching(reason),
    });
  });

  it("is refused for an elliptic key", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const spki = publicKey.export({ type: "spki", format: "der" });
    const { asn1 } = forge;
    const request = forge.pki.certificationRequestToAsn1(
      forge.pki.certificationRequestFromPem(GOOD),
    );
    const [info] = request.value as forge.asn1.Asn1[];
    (info?.value as forge.asn1.Asn1[])[2] = asn1.fromDer(spki.toString("binary"));
    const der = Buffer.from(asn1.toDer(request).getBytes(), "binary");
    expect(readCertificateRequest(pemOf(der)).type).toBe("refused");
  });

  it("is read or refused, never thrown at, whatever bytes are changed", () => {
    const der = derOf(GOOD);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const changed = Buffer.from(der);
          for (const [at, byte] of changes) changed[at] = byte;
          const request = readCertificateRequest(pemOf(changed));
          // Not everything in a request is signed; the key that is taken is.
          if (request.type === "read") expect(request.publicKey).toBe(PAIR.publicKey);
        },
      ),
    );
  });

  it("is refused, never thrown at, where it is any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array().map(pemOf)), (text) => {
        expect(readCertificateRequest(text).type).toBe("refused");
      }),
    );
  });
});

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
}

function pemOf(der: Uint8Array): string {
  const base64 = Buffer.from(der).toString("base64");
  return `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`;
}

function withBytes(change: (der: Buffer) => Buffer): string {
  return pemOf(change(derOf(GOOD)));
}

/** The good request with one bit of a byte changed; from the end where the place is negative. */
function withByteAt(place: number): string {
  return withBytes((der) => {
    const at = place < 0 ? der.length + place : place;
    der.writeUInt8(der.readUInt8(at) ^ 1, at);
    return der;
  });
}
