// Checks that an activation code survives being read out and typed, and that nothing else passes for one.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACTIVATION_SECRET_PATTERN,
  activationSecret,
  authorityHash,
  formatActivationCode,
  parseActivationCode,
} from "./activation-code.js";

const tenBytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const code = fc
  .record({ bytes: tenBytes, authorityHash: tenBytes })
  .map(({ bytes, authorityHash }) => ({
    secret: activationSecret(bytes),
    authorityHash: Buffer.from(authorityHash),
  }));

describe("an activation code", () => {
  it("is eight groups of four characters of Crockford's base32", () => {
    const secret = activationSecret(Buffer.from("00443214c74254b635cf", "hex"));
    const authorityHash = Buffer.from("84653a56d7c675be77df", "hex");
    const expected = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ";
    expect(formatActivationCode({ secret, authorityHash })).toBe(expected);
    expect(parseActivationCode(expected)).toEqual({ secret, authorityHash });
  });

  it("is read back, however it is grouped and cased", () => {
    fc.assert(
      fc.property(code, (made) => {
        const text = formatActivationCode(made);
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(parseActivationCode(text)).toEqual(made);
        expect(parseActivationCode(` ${text.replaceAll("-", " ").toLowerCase()} `)).toEqual(made);
      }),
    );
  });

  it("is read with the letters that people take for digits", () => {
    const typed = "oOoO-iIlL-0000-0000-0000-0000-0000-0000";
    expect(parseActivationCode(typed)?.secret).toBe("0000111100000000");
  });

  it.each([
    { name: "a character short", text: "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXY" },
    { name: "a character long", text: "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ0" },
    { name: "a letter that the alphabet leaves out", text: `${"0".repeat(31)}U` },
    { name: "another sign", text: `${"0".repeat(31)}!` },
    { name: "nothing", text: "" },
    { name: "a code drowned in spaces", text: `${"0".repeat(32)}${" ".repeat(1000)}` },
    { name: "a letter that grows when it is upper-cased", text: `${"0".repeat(31)}ß` },
  ])("is not $name", ({ text }) => {
    expect(parseActivationCode(text)).toBeNull();
  });

  it("has a secret in one spelling only", () => {
    expect("0123456789ABCDEF").toMatch(ACTIVATION_SECRET_PATTERN);
    expect("0123456789abcdef").not.toMatch(ACTIVATION_SECRET_PATTERN);
    expect("0123456789ABCDEO").not.toMatch(ACTIVATION_SECRET_PATTERN);
    expect("0123456789ABCDEF\n").not.toMatch(ACTIVATION_SECRET_PATTERN);
  });

  it("is not made of anything but a secret and a hash of their lengths", () => {
    const authorityHash = Buffer.alloc(10);
    expect(() => formatActivationCode({ secret: "0123", authorityHash })).toThrow(RangeError);
    const secret = "0123456789ABCDEF";
    expect(() => formatActivationCode({ secret, authorityHash: Buffer.alloc(9) })).toThrow(
      RangeError,
    );
    expect(() => activationSecret(Buffer.alloc(11))).toThrow(RangeError);
  });
});

describe("an authority's hash", () => {
  it("is the first ten bytes of its certificate's SHA-256", () => {
    const der = Buffer.from("a certificate");
    const whole = createHash("sha256").update(der).digest();
    expect(authorityHash(der)).toEqual(whole.subarray(0, 10));
  });
});
