// Checks the card's address: one text for one tap, and nothing else accepted.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex } from "./bytes.js";
import {
  CARD_MESSAGE_PREFIX,
  cardMessageMacInput,
  formatCardMessage,
  isPassCardUri,
  parseCardMessage,
} from "./card-message.js";

const encryptedPiccData = fromHex("ef963ff7828658a599f3041510671e88");
const mac = fromHex("94eed9ee65337086");
const uri = `${CARD_MESSAGE_PREFIX}EF963FF7828658A599F3041510671E88&m=94EED9EE65337086`;

describe("card message", () => {
  it("is written in upper case", () => {
    expect(formatCardMessage({ encryptedPiccData, mac })).toBe(uri);
  });

  it("is read back, with the exact text that its code covers", () => {
    const macInput = "EF963FF7828658A599F3041510671E88&m=";
    expect(parseCardMessage(uri)).toEqual({ encryptedPiccData, mac, macInput });
    expect(cardMessageMacInput(encryptedPiccData)).toBe(macInput);
  });

  it.each([
    { name: "lower-case identity", text: uri.replace("EF963F", "ef963f") },
    { name: "lower-case code", text: uri.replace("94EED9", "94eed9") },
    { name: "cut code", text: uri.slice(0, -1) },
    { name: "one digit more", text: `${uri}0` },
    { name: "line end", text: `${uri}\n` },
    { name: "further parameter", text: `${uri}&x=1` },
    { name: "other host", text: uri.replace("auvergne", "bretagne") },
    { name: "http", text: uri.replace("https", "http") },
    { name: "other mark", text: uri.replace("&m=", "&c=") },
    { name: "nothing", text: "" },
  ])("is refused: $name", ({ text }) => {
    expect(parseCardMessage(text)).toBeNull();
  });

  it("survives no change of a single character", () => {
    fc.assert(
      fc.property(fc.nat(uri.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        fc.pre(uri[at] !== char);
        const parsed = parseCardMessage(`${uri.slice(0, at)}${char}${uri.slice(at + 1)}`);
        const isSame =
          parsed?.encryptedPiccData.equals(encryptedPiccData) && parsed.mac.equals(mac);
        expect(isSame ?? false).toBe(false);
      }),
    );
  });
});

describe("isPassCardUri", () => {
  it("looks at the beginning alone, so that the gateway judges the rest", () => {
    expect(isPassCardUri(`${CARD_MESSAGE_PREFIX}damaged`)).toBe(true);
    expect(isPassCardUri(uri.replace("https", "http"))).toBe(false);
    expect(isPassCardUri(` ${uri}`)).toBe(false);
  });
});
