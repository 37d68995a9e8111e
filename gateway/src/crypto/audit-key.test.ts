// The audit key: the same from the same seed, checked by anybody, and read as it is handed to an auditor.

import { generateKeyPairSync } from "node:crypto";
import { ed25519Verify } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../tests/support/random.js";
import { auditKeyOf, drawAuditSeed, readAuditPublicKey } from "./audit-key.js";

const key = auditKeyOf(drawAuditSeed(seededRandom(1)));
const message = Buffer.from("pass-tpe head 1");

describe("an audit key", () => {
  it("is the same from its seed, and another from another", () => {
    expect(auditKeyOf(drawAuditSeed(seededRandom(1))).keyId).toBe(key.keyId);
    expect(auditKeyOf(drawAuditSeed(seededRandom(2))).keyId).not.toBe(key.keyId);
  });

  it("signs what its public half checks", () => {
    const signature = key.sign(message);
    const { publicKey } = key;
    expect(ed25519Verify({ publicKey, message, signature })).toBe(true);
    expect(ed25519Verify({ publicKey, message: Buffer.from("other"), signature })).toBe(false);
  });
});

describe("a public key that is handed over", () => {
  it.each([
    ["base64", key.publicKeyBase64],
    ["base64 with an end of line", `${key.publicKeyBase64}\n`],
    ["PEM", String(key.publicKey.export({ type: "spki", format: "pem" }))],
  ])("is read from %s", (_form, text) => {
    expect(readAuditPublicKey(text).equals(key.publicKey)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["something else", "not a key"],
    [
      "another kind of key",
      generateKeyPairSync("ec", { namedCurve: "P-256" })
        .publicKey.export({ type: "spki", format: "der" })
        .toString("base64"),
    ],
  ])("is refused where it is %s", (_what, text) => {
    expect(() => readAuditPublicKey(text)).toThrow(SyntaxError);
  });
});
