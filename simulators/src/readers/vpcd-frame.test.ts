// Checks the frames of the virtual reader, in pieces of any size.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVpcdFrameParser, VPCD_BODY_BYTES_MAX, vpcdFrame } from "./vpcd-frame.js";

describe("the frames of the virtual reader", () => {
  it("are told apart by their one byte, or are commands", () => {
    const parse = createVpcdFrameParser();
    const bytes = Buffer.from("000100000101000102000104" + "0005ffca000000", "hex");
    expect(parse(bytes)).toEqual([
      { type: "powerOff" },
      { type: "powerOn" },
      { type: "reset" },
      { type: "atr" },
      { type: "apdu", apdu: Buffer.from("ffca000000", "hex") },
    ]);
  });

  it("give the same messages in pieces of any size", () => {
    const apdus = fc.array(fc.uint8Array({ minLength: 2, maxLength: 300 }), { maxLength: 5 });
    fc.assert(
      fc.property(apdus, fc.array(fc.integer({ min: 1, max: 7 })), (bodies, sizes) => {
        const bytes = Buffer.concat(bodies.map((body) => vpcdFrame(body)));
        const parse = createVpcdFrameParser();
        const messages = [];
        let at = 0;
        for (const size of [...sizes, bytes.length + 1]) {
          messages.push(...parse(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(messages).toEqual(bodies.map((body) => ({ type: "apdu", apdu: Buffer.from(body) })));
      }),
    );
  });

  it("hold no more than their length can say", () => {
    expect(() => vpcdFrame(new Uint8Array(VPCD_BODY_BYTES_MAX + 1))).toThrow(RangeError);
  });
});
