// What somebody types or sends to become a terminal: activation codes and certificate requests of any content.

import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import {
  activationSecret,
  formatActivationCode,
  parseActivationCode,
} from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import forge from "node-forge";
import { expect } from "vitest";
import { readCertificateRequest } from "../../gateway/src/crypto/certificate-request.js";
import { certificateRequest } from "../../terminal-sdk/src/enrolment/private-key.js";
import { hostileBytes, hostileText } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";

const CODE = formatActivationCode({
  secret: activationSecret(new Uint8Array(10).fill(0x5c)),
  authorityHash: Buffer.alloc(10, 0xa7),
});

fuzz(
  "an activation code is typed in any way, and is the same code when it is written again",
  {
    usual: 3_000,
    cases: fc.oneof(hostileText(CODE), hostileText(CODE.toLowerCase().replaceAll("-", " "))),
  },
  (text) => {
    const code = parseActivationCode(text);
    if (code === null) return;
    expect(parseActivationCode(formatActivationCode(code))).toEqual(code);
  },
);

const PAIR = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const REQUEST = certificateRequest(PAIR.privateKey);
const DER = Buffer.from(REQUEST.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
const KEY_HASH = createHash("sha256").update(PAIR.publicKey).digest();

const pemOf = (der: Uint8Array) =>
  forge.pem.encode({ type: "CERTIFICATE REQUEST", body: Buffer.from(der).toString("binary") });

fuzz(
  "a certificate request is of the key that signed it, or is refused in words of our own",
  { usual: 250, cases: fc.oneof(hostileBytes(DER, 2_000).map(pemOf), hostileText(REQUEST)) },
  (pem) => {
    const request = readCertificateRequest(pem);
    if (request.type === "refused") {
      expect(request.reason).toMatch(/^(?:is|has|uses) [A-Za-z0-9 ,#()._;-]+$/);
      return;
    }
    // Whoever has no private key of their own can only send the one that was signed.
    expect(request.keyHash).toEqual(KEY_HASH);
    expect(createPublicKey(request.publicKey).asymmetricKeyType).toBe("rsa");
  },
);
