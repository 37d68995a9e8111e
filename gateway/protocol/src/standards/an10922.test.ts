// Checks key diversification against the worked example of NXP AN10922.
import { describe, expect, it } from "vitest";
import { cardFileReadKey, diversifyKey } from "./an10922.js";
import { fromHex, hex } from "./bytes.js";

const masterKey = fromHex("00112233445566778899aabbccddeeff");
const uid = fromHex("04782e21801d80");
const applicationId = fromHex("3042f5");
const systemId = fromHex("4e585020416275");

describe("cardFileReadKey", () => {
  it("is the AN10922 example when fed with its parts", () => {
    const key = cardFileReadKey({ masterKey, uid, applicationId, systemId });
    expect(hex(key)).toBe("a8dd63a3b89d54b37ca802473fda9175");
  });

  it("gives another key to the next card", () => {
    const next = cardFileReadKey({
      masterKey,
      uid: fromHex("04782e21801d81"),
      applicationId,
      systemId,
    });
    expect(next).not.toEqual(cardFileReadKey({ masterKey, uid, applicationId, systemId }));
  });

  it.each([
    { name: "uid", parts: { uid: fromHex("04782e21") } },
    { name: "applicationId", parts: { applicationId: fromHex("d2760000850101") } },
    { name: "systemId", parts: { systemId: fromHex("") } },
    { name: "diversification input", parts: { systemId: new Uint8Array(22) } },
  ])("refuses a $name of the wrong length", ({ name, parts }) => {
    const options = { masterKey, uid, applicationId, systemId, ...parts };
    expect(() => cardFileReadKey(options)).toThrow(name);
  });
});

describe("diversifyKey", () => {
  it("keeps the length of the master key", () => {
    expect(diversifyKey({ masterKey, input: uid })).toHaveLength(16);
    expect(diversifyKey({ masterKey: new Uint8Array(32), input: uid })).toHaveLength(32);
  });

  it("takes an input that fills both blocks, and no longer one", () => {
    expect(diversifyKey({ masterKey, input: new Uint8Array(31) })).toHaveLength(16);
    expect(() => diversifyKey({ masterKey, input: new Uint8Array(32) })).toThrow(/1 to 31 bytes/);
    expect(() => diversifyKey({ masterKey, input: new Uint8Array(0) })).toThrow(/1 to 31 bytes/);
  });
});
