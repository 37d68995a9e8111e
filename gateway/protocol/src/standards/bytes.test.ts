// Checks hex text and byte comparison.
import { describe, expect, it } from "vitest";
import { assertLength, equalConstantTime, fromHex, hex } from "./bytes.js";

describe("hex", () => {
  it("writes lower case and reads either case", () => {
    expect(hex(fromHex("00aBfF"))).toBe("00abff");
  });

  it("reads only the window of a view, not the memory around it", () => {
    expect(hex(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe("0203");
  });

  it.each(["0", "0g", "00 01", "0x00", "00\n"])("refuses %j", (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });

  it("keeps the refused text, which may be a key, out of the error", () => {
    expect(() => fromHex("c0ffeec0ffeez")).toThrow(/^(?!.*c0ffee)/);
  });
});

describe("equalConstantTime", () => {
  it.each([
    { a: "", b: "", equal: true },
    { a: "0102", b: "0102", equal: true },
    { a: "0102", b: "0103", equal: false },
    { a: "0102", b: "010200", equal: false },
    { a: "0102", b: "", equal: false },
  ])("$a and $b: $equal", ({ a, b, equal }) => {
    expect(equalConstantTime(fromHex(a), fromHex(b))).toBe(equal);
  });
});

describe("assertLength", () => {
  it("names the argument and both lengths", () => {
    const bytes = fromHex("010203");
    expect(() => assertLength({ name: "uid", bytes, length: 7 })).toThrow(
      "uid: the caller must pass 7 bytes, not 3",
    );
    expect(() => assertLength({ name: "uid", bytes, length: 3 })).not.toThrow();
  });
});
