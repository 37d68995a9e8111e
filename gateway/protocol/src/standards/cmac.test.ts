// Checks AES-CMAC against RFC 4493 section 4 and the AES-192 and AES-256 examples of NIST SP 800-38B.
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.js";
import { aesCmac, cmacPaddedTo, cmacSubkeys } from "./cmac.js";

const text = fromHex(
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
);
const key128 = fromHex("2b7e151628aed2a6abf7158809cf4f3c");
const key192 = fromHex("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b");
const key256 = fromHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

describe("aesCmac", () => {
  it.each([
    { length: 0, cmac: "bb1d6929e95937287fa37d129b756746" },
    { length: 16, cmac: "070a16b46b4d4144f79bdd9dd04a287c" },
    { length: 40, cmac: "dfa66747de9ae63030ca32611497c827" },
    { length: 64, cmac: "51f0bebf7e3b9d92fc49741779363cfe" },
  ])("AES-128 over $length bytes", ({ length, cmac }) => {
    expect(hex(aesCmac({ key: key128, message: text.subarray(0, length) }))).toBe(cmac);
  });

  it.each([
    { length: 0, cmac: "028962f61b7bf89efc6b551f4667d983" },
    { length: 16, cmac: "28a7023f452e8f82bd4bf28d8c37c35c" },
    { length: 40, cmac: "aaf3d8f1de5640c232f5b169b9c911e6" },
    { length: 64, cmac: "e1992190549f6ed5696a2c056c315410" },
  ])("AES-256 over $length bytes", ({ length, cmac }) => {
    expect(hex(aesCmac({ key: key256, message: text.subarray(0, length) }))).toBe(cmac);
  });

  it.each([
    { length: 0, cmac: "d17ddf46adaacde531cac483de7a9367" },
    { length: 16, cmac: "9e99a7bf31e710900662f65e617c5184" },
    { length: 40, cmac: "8a1de5be2eb31aad089a82e6ee908b0e" },
    { length: 64, cmac: "a1d5df0eed790f794d77589659f39a11" },
  ])("AES-192 over $length bytes", ({ length, cmac }) => {
    expect(hex(aesCmac({ key: key192, message: text.subarray(0, length) }))).toBe(cmac);
  });

  it("refuses a key that is none of AES", () => {
    expect(() => aesCmac({ key: new Uint8Array(20), message: text })).toThrow(/16, 24 or 32 bytes/);
  });

  it("leaves the message as it was", () => {
    const message = fromHex("6bc1bee22e409f96e93d7e117393172a");
    aesCmac({ key: key128, message });
    expect(hex(message)).toBe("6bc1bee22e409f96e93d7e117393172a");
  });
});

describe("cmacPaddedTo", () => {
  it("differs from the RFC's own padding where it adds a block", () => {
    const message = text.subarray(0, 10);
    const longer = cmacPaddedTo({ key: key128, message, paddedLength: 32 });
    expect(longer).not.toEqual(aesCmac({ key: key128, message }));
  });

  it("refuses a message that does not fit", () => {
    const options = { key: key128, message: text.subarray(0, 33), paddedLength: 32 };
    expect(() => cmacPaddedTo(options)).toThrow(/at most 32 bytes, not 33/);
  });
});

describe("cmacSubkeys", () => {
  it("gives the subkeys of RFC 4493 section 4", () => {
    const { k1, k2 } = cmacSubkeys(key128);
    expect(hex(k1)).toBe("fbeed618357133667c85e08f7236a8de");
    expect(hex(k2)).toBe("f7ddac306ae266ccf90bc11ee46d513b");
  });
});
