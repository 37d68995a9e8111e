// The sealed file: it opens under its key as it was written, and in no other way.

import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../tests/support/random.js";
import { openSealedFile, SealedFileError, sealFile } from "./sealed-file.js";

const storeKey = new Uint8Array(32).fill(7);
const content = { secret: "00112233445566778899aabbccddeeff", more: [1, "é"] };
const random = seededRandom(9);
const text = sealFile({ content, storeKey, random });

/** Whatever is wrong, the message holds neither what is sealed nor the key. */
function expectRefused(changed: string, key: Uint8Array = storeKey): void {
  let said = "";
  try {
    openSealedFile(changed, key);
  } catch (error) {
    if (!(error instanceof SealedFileError)) throw error;
    said = error.message;
  }
  expect(said).toMatch(/restore it from its backup$/);
  expect(said).not.toContain(content.secret);
  expect(said).not.toContain(Buffer.from(key).toString("hex"));
}

describe("a sealed file", () => {
  it("opens as it was sealed, and shows nothing of it", () => {
    expect(openSealedFile(text, storeKey)).toEqual(content);
    expect(text).not.toContain(content.secret);
  });

  it("is never sealed alike twice", () => {
    expect(sealFile({ content, storeKey, random })).not.toBe(text);
  });

  it("does not open under another key", () => {
    expectRefused(text, new Uint8Array(32).fill(8));
  });

  it("cut at any byte does not open", () => {
    for (let end = 0; end < text.length; end += 1) expectRefused(text.slice(0, end));
  });

  it("with any bit of any byte flipped does not open", () => {
    const bytes = Buffer.from(text, "utf8");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      const at = Math.floor(bit / 8);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
      expectRefused(changed.toString("utf8"));
    }
  });

  it.each([
    ["nothing", ""],
    ["another file", JSON.stringify({ pepper: "00" })],
    ["more than the file", `${text}\n`],
  ])("that is %s does not open", (_what, other) => {
    expectRefused(other);
  });
});
