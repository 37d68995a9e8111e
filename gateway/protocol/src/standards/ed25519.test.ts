// Checks Ed25519: a signature holds for its message and key alone.
import { createPublicKey, createSecretKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  ED25519_SIGNATURE_BYTES,
  ed25519KeysFromSeed,
  ed25519Sign,
  ed25519Verify,
} from "./ed25519.js";

const { privateKey, publicKey } = ed25519KeysFromSeed(new Uint8Array(32));
const message = Buffer.from("PR1");
const signature = ed25519Sign({ privateKey, message });

describe("Ed25519", () => {
  it("accepts its own signature", () => {
    expect(signature).toHaveLength(ED25519_SIGNATURE_BYTES);
    expect(ed25519Verify({ publicKey, message, signature })).toBe(true);
  });

  it("refuses another message, another key, or a cut signature", () => {
    const other = ed25519KeysFromSeed(new Uint8Array(32).fill(1)).publicKey;
    expect(ed25519Verify({ publicKey, message: Buffer.from("PR2"), signature })).toBe(false);
    expect(ed25519Verify({ publicKey: other, message, signature })).toBe(false);
    const cut = signature.subarray(0, 63);
    expect(ed25519Verify({ publicKey, message, signature: cut })).toBe(false);
  });

  it("refuses a key of another kind instead of using it", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(() => ed25519Sign({ privateKey: rsa.privateKey, message })).toThrow(/Ed25519/);
    const rsaPublic = createPublicKey(rsa.privateKey);
    expect(() => ed25519Verify({ publicKey: rsaPublic, message, signature })).toThrow(/Ed25519/);
    const secret = createSecretKey(Buffer.alloc(32));
    expect(() => ed25519Sign({ privateKey: secret, message })).toThrow(/Ed25519/);
  });

  it("asks for a seed of 32 bytes", () => {
    expect(() => ed25519KeysFromSeed(new Uint8Array(31))).toThrow(/seed/);
  });
});
