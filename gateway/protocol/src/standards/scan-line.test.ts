// Checks the scanner's lines: the same for any cutting of the bytes, and every bad line refused.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScanLineParser, type ScanLine } from "./scan-line.js";

const maxLength = 20;

function linesOf(...chunks: (string | Uint8Array)[]): ScanLine[] {
  const parser = createScanLineParser({ maxLength });
  return [...chunks.flatMap((chunk) => parser.push(Buffer.from(chunk))), ...parser.flush()];
}

describe("line ends", () => {
  it.each([
    { name: "CR", text: "AB\rCD\r" },
    { name: "LF", text: "AB\nCD\n" },
    { name: "CR LF", text: "AB\r\nCD\r\n" },
    { name: "empty lines between", text: "\r\n\r\nAB\r\r\n\nCD\n\n" },
    { name: "none after the last", text: "AB\rCD" },
  ])("$name", ({ text }) => {
    expect(linesOf(text)).toEqual([
      { ok: true, aim: null, payload: "AB" },
      { ok: true, aim: null, payload: "CD" },
    ]);
  });

  it("completes a line with the byte that ends it, not before", () => {
    const parser = createScanLineParser({ maxLength });
    expect(parser.push(Buffer.from("AB"))).toEqual([]);
    expect(parser.push(Buffer.from("\r"))).toHaveLength(1);
    expect(parser.push(Buffer.from("\n"))).toEqual([]);
    expect(parser.flush()).toEqual([]);
  });

  it("takes a silence as the end of a line, once", () => {
    const parser = createScanLineParser({ maxLength });
    parser.push(Buffer.from("AB"));
    expect(parser.flush()).toEqual([{ ok: true, aim: null, payload: "AB" }]);
    expect(parser.flush()).toEqual([]);
    expect(parser.push(Buffer.from("CD\r"))).toEqual([{ ok: true, aim: null, payload: "CD" }]);
  });

  it("gives the same lines however the bytes are cut", () => {
    const piece = fc.constantFrom(
      "A",
      "PR1.",
      "]Q1",
      "]C0",
      "\r",
      "\n",
      "\r\n",
      "\xe9",
      "0123456789",
    );
    const bytes = fc
      .array(piece, { maxLength: 30 })
      .map((all) => Buffer.from(all.join(""), "latin1"));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(100), { maxLength: 8 }), (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length];
        edges.sort((a, b) => a - b);
        const chunks = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
        expect(linesOf(...chunks)).toEqual(linesOf(whole));
      }),
    );
  });
});

describe("AIM identifier", () => {
  it.each([0, 1, 2, 3, 4, 5, 6])("]Q%i is taken off", (modifier) => {
    const aim = `]Q${modifier}`;
    expect(linesOf(`${aim}PR1.A\r`)).toEqual([{ ok: true, aim, payload: "PR1.A" }]);
  });

  it.each(["]C0PR1.A", "]E0301234", "]d2PR1.A", "]Q7PR1.A", "]q1PR1.A", "]Q", "]"])(
    "%s is refused",
    (raw) => {
      expect(linesOf(raw)).toEqual([{ ok: false, reason: "wrong-symbology", raw }]);
    },
  );

  it("is taken off once, and only at the beginning", () => {
    expect(linesOf("]Q1]Q1A\r", "A]Q1\r")).toEqual([
      { ok: true, aim: "]Q1", payload: "]Q1A" },
      { ok: true, aim: null, payload: "A]Q1" },
    ]);
  });
});

describe("bad lines", () => {
  it("takes a line of the longest length and refuses one byte more, keeping its beginning", () => {
    const longest = "A".repeat(maxLength);
    expect(linesOf(`${longest}\r`)).toEqual([{ ok: true, aim: null, payload: longest }]);
    expect(linesOf(`${longest}B\r`)).toEqual([{ ok: false, reason: "too-long", raw: longest }]);
  });

  it("refuses an endless line once and reads the next one", () => {
    expect(linesOf(...Array<string>(1000).fill("A".repeat(100)), "\rB\r")).toEqual([
      { ok: false, reason: "too-long", raw: "A".repeat(maxLength) },
      { ok: true, aim: null, payload: "B" },
    ]);
  });

  it.each([
    { name: "byte above ASCII", bytes: [0x41, 0xe9], raw: "A\\xe9" },
    { name: "control character", bytes: [0x1d, 0x41], raw: "\\x1dA" },
    { name: "zero byte", bytes: [0x00], raw: "\\x00" },
  ])("refuses a $name and shows it escaped", ({ bytes, raw }) => {
    expect(linesOf(Uint8Array.from(bytes))).toEqual([{ ok: false, reason: "not-ascii", raw }]);
  });
});
