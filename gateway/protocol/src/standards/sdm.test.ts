// Checks Secure Dynamic Messaging: what a card writes is what the gateway reads, and nothing else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.js";
import {
  decryptFileData,
  decryptPiccData,
  encryptPiccData,
  MAX_SDM_COUNTER,
  sdmMac,
} from "./sdm.js";

const zeroKey = new Uint8Array(16);
const uid = fromHex("04de5f1eacc040");
const reading = { fileReadKey: zeroKey, uid, counter: 61 };
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("PICC data", () => {
  it("returns the identity and counter that the card put in", () => {
    fc.assert(
      fc.property(
        bytes(16),
        bytes(7),
        bytes(5),
        fc.integer({ min: 0, max: MAX_SDM_COUNTER }),
        (metaReadKey, cardUid, random5, counter) => {
          const encrypted = encryptPiccData({ metaReadKey, uid: cardUid, counter, random5 });
          const opened = decryptPiccData({ metaReadKey, encrypted });
          expect(opened).toEqual({ uid: Buffer.from(cardUid), counter });
        },
      ),
    );
  });

  it("is refused under another key", () => {
    const encrypted = fromHex("ef963ff7828658a599f3041510671e88");
    expect(decryptPiccData({ metaReadKey: zeroKey, encrypted })?.counter).toBe(61);
    const metaReadKey = fromHex("00000000000000000000000000000001");
    expect(decryptPiccData({ metaReadKey, encrypted })).toBeNull();
  });

  it.each([0, 15, 17, 32])("is refused at %i bytes", (length) => {
    const encrypted = new Uint8Array(length);
    expect(decryptPiccData({ metaReadKey: zeroKey, encrypted })).toBeNull();
  });

  it("is refused for its length even where a block of zeros would pass for a card's", () => {
    const keys = Array.from({ length: 4096 }, (_, index) => {
      const key = Buffer.alloc(16);
      key.writeUInt16BE(index);
      return key;
    });
    const encrypted = new Uint8Array(16);
    const metaReadKey = keys.find((key) => decryptPiccData({ metaReadKey: key, encrypted }));
    if (metaReadKey === undefined) throw new Error("no key found that opens a block of zeros");
    expect(decryptPiccData({ metaReadKey, encrypted: encrypted.subarray(1) })).toBeNull();
  });

  it.each([-1, 0.5, MAX_SDM_COUNTER + 1])("is not made for counter %d", (counter) => {
    const options = { metaReadKey: zeroKey, uid, counter, random5: new Uint8Array(5) };
    expect(() => encryptPiccData(options)).toThrow(/counter/);
  });
});

describe("sdmMac", () => {
  it("binds the identity, the counter and the text", () => {
    const macInput = "EF963FF7828658A599F3041510671E88&m=";
    const codes = [
      sdmMac({ ...reading, macInput }),
      sdmMac({ ...reading, macInput: `${macInput}0` }),
      sdmMac({ ...reading, counter: 62, macInput }),
      sdmMac({ ...reading, uid: fromHex("04de5f1eacc041"), macInput }),
    ].map(hex);
    expect(codes.every((code) => code.length === 16)).toBe(true);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("refuses a key that is not AES-128", () => {
    const options = { ...reading, fileReadKey: new Uint8Array(32), macInput: "" };
    expect(() => sdmMac(options)).toThrow(/fileReadKey/);
  });
});

describe("decryptFileData", () => {
  it.each([0, 1, 17])("refuses %i bytes, which are not whole blocks", (length) => {
    const encryptedFileData = new Uint8Array(length);
    expect(decryptFileData({ ...reading, encryptedFileData })).toBeNull();
  });
});
