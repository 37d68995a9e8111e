// Checks AES on whole blocks against FIPS 197 and NIST SP 800-38A.
import { describe, expect, it } from "vitest";
import { decryptBlocks, encryptBlocks, xor } from "./aes.js";
import { fromHex, hex } from "./bytes.js";

describe("AES without padding", () => {
  it.each([
    {
      name: "FIPS 197 C.1, AES-128",
      key: "000102030405060708090a0b0c0d0e0f",
      cipher: "69c4e0d86a7b0430d8cdb78070b4c55a",
    },
    {
      name: "FIPS 197 C.3, AES-256",
      key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      cipher: "8ea2b7ca516745bfeafc49904b496089",
    },
  ])("one block with a zero vector is plain AES ($name)", ({ key, cipher }) => {
    const plain = "00112233445566778899aabbccddeeff";
    expect(hex(encryptBlocks({ key: fromHex(key), data: fromHex(plain) }))).toBe(cipher);
    expect(hex(decryptBlocks({ key: fromHex(key), data: fromHex(cipher) }))).toBe(plain);
  });

  it("chains blocks from the vector (SP 800-38A F.2.1)", () => {
    const key = fromHex("2b7e151628aed2a6abf7158809cf4f3c");
    const iv = fromHex("000102030405060708090a0b0c0d0e0f");
    const data = fromHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    const cipher = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2";
    expect(hex(encryptBlocks({ key, iv, data }))).toBe(cipher);
    expect(decryptBlocks({ key, iv, data: fromHex(cipher) })).toEqual(data);
  });

  it.each([0, 15, 20, 33])("refuses a key of %i bytes", (length) => {
    const key = new Uint8Array(length);
    expect(() => encryptBlocks({ key, data: new Uint8Array(16) })).toThrow(/16, 24 or 32 bytes/);
  });

  it("refuses a part of a block", () => {
    const options = { key: new Uint8Array(16), data: new Uint8Array(17) };
    expect(() => encryptBlocks(options)).toThrow(/whole blocks/);
    expect(() => decryptBlocks(options)).toThrow(/whole blocks/);
  });
});

describe("xor", () => {
  it("combines equal lengths and refuses others", () => {
    expect(hex(xor(fromHex("ff0f"), fromHex("0ff0")))).toBe("f0ff");
    expect(() => xor(fromHex("ff"), fromHex("ff00"))).toThrow(RangeError);
  });
});
