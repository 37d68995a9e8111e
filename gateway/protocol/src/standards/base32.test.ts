// Checks base32 without padding: one text for one byte string.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "./base32.js";

describe("base32", () => {
  it.each([
    { plain: "", text: "" },
    { plain: "f", text: "MY" },
    { plain: "fo", text: "MZXQ" },
    { plain: "foo", text: "MZXW6" },
    { plain: "foob", text: "MZXW6YQ" },
    { plain: "fooba", text: "MZXW6YTB" },
    { plain: "foobar", text: "MZXW6YTBOI" },
  ])("writes and reads $plain (RFC 4648 section 10)", ({ plain, text }) => {
    expect(encodeBase32(Buffer.from(plain))).toBe(text);
    expect(decodeBase32(text)).toEqual(Buffer.from(plain));
  });

  it("gives back any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeBase32(encodeBase32(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it("reads a text only if it is the one that its bytes are written as", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z2-7]{0,20}$/), (text) => {
        const bytes = decodeBase32(text);
        expect(bytes === null || encodeBase32(bytes) === text).toBe(true);
      }),
    );
  });

  it.each([
    { name: "spare bits set", text: "MZ" },
    { name: "impossible length", text: "A" },
    { name: "impossible length", text: "AAA" },
    { name: "impossible length", text: "AAAAAA" },
    { name: "lower case", text: "my" },
    { name: "padding", text: "MY======" },
    { name: "digit outside the alphabet", text: "M1" },
  ])("refuses $text: $name", ({ text }) => {
    expect(decodeBase32(text)).toBeNull();
  });
});
