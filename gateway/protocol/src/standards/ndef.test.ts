// Checks the NDEF file of one address: what is built is read, and every damage is named.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.js";
import { buildNdefUriFile, MAX_NDEF_FILE_BYTES, parseNdefUriFile } from "./ndef.js";

const printable = fc.stringMatching(/^[\x21-\x7e]{1,249}$/);

describe("buildNdefUriFile", () => {
  it("writes length, record, code of the beginning, and the rest", () => {
    expect(hex(buildNdefUriFile("https://a.b"))).toBe("0008d101045504612e62");
  });

  it("takes the longest beginning that fits", () => {
    expect(buildNdefUriFile("https://www.a")[6]).toBe(0x02);
    expect(buildNdefUriFile("urn:epc:id:1")[6]).toBe(0x1e);
    expect(buildNdefUriFile("urn:nfc:1")[6]).toBe(0x23);
    expect(buildNdefUriFile("gopher://a")[6]).toBe(0x00);
  });

  it("fills the largest file and refuses one byte more", () => {
    const uri = "x".repeat(MAX_NDEF_FILE_BYTES - 7);
    expect(buildNdefUriFile(uri)).toHaveLength(MAX_NDEF_FILE_BYTES);
    expect(() => buildNdefUriFile(`${uri}x`)).toThrow(/257 bytes, the limit is 256/);
  });

  it.each(["", "https://a b", "https://é"])("refuses %j", (uri) => {
    expect(() => buildNdefUriFile(uri)).toThrow(RangeError);
  });
});

describe("parseNdefUriFile", () => {
  it("gives back what was built, also from a longer file", () => {
    fc.assert(
      fc.property(printable, fc.nat(60), (uri, filling) => {
        const file = Buffer.concat([buildNdefUriFile(uri), Buffer.alloc(filling)]);
        fc.pre(file.byteLength <= MAX_NDEF_FILE_BYTES);
        expect(parseNdefUriFile(file)).toEqual({ ok: true, uri });
      }),
    );
  });

  it("refuses a file cut at any point", () => {
    const file = buildNdefUriFile("https://pass.example/t?e=00");
    for (let length = 0; length < file.byteLength; length += 1) {
      expect(parseNdefUriFile(file.subarray(0, length))).toMatchObject({
        ok: false,
        field: "nlen",
      });
    }
  });

  it.each([
    { name: "empty file", file: "", field: "nlen", raw: "" },
    { name: "blank tag", file: "0000", field: "nlen", raw: "0000" },
    { name: "no payload", file: "0004d1010055", field: "nlen", raw: "0004" },
    { name: "cut", file: "0008d101045504", field: "nlen", raw: "0008" },
    { name: "oversized", file: `0008${"00".repeat(255)}`, field: "file", raw: "0008" },
    { name: "long record", file: "0008c101045504612e62", field: "header", raw: "c1" },
    { name: "first of several records", file: "000891010455 04612e62", field: "header", raw: "91" },
    { name: "text record", file: "0008d101045404612e62", field: "type", raw: "010454" },
    { name: "two-letter type", file: "0008d102045504612e62", field: "type", raw: "020455" },
    {
      name: "record shorter than file",
      file: "0008d101035504612e62",
      field: "payload length",
      raw: "03",
    },
    {
      name: "record longer than file",
      file: "0008d101055504612e62",
      field: "payload length",
      raw: "05",
    },
    { name: "unknown beginning", file: "0008d101045524612e62", field: "beginning", raw: "24" },
    { name: "control character", file: "0008d101045504610a62", field: "uri", raw: "610a62" },
    { name: "byte above ASCII", file: "0008d10104550461e962", field: "uri", raw: "61e962" },
    { name: "no address", file: "0005d101015500", field: "uri", raw: "" },
  ])("names the field and its bytes: $name", ({ file, field, raw }) => {
    const parsed = parseNdefUriFile(fromHex(file.replaceAll(" ", "")));
    expect(parsed).toMatchObject({ ok: false, field, raw });
    expect(parsed).toHaveProperty("reason", expect.stringContaining(`(${raw || "no bytes"})`));
  });

  it("answers any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (file) => {
        const parsed = parseNdefUriFile(file);
        expect(parsed.ok ? parsed.uri : parsed.reason).not.toBe("");
      }),
    );
  });
});
