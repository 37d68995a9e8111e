// Checks the format 4 PIN block: it opens for its card alone, and any damage gives no PIN.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encryptBlocks, xor } from "./aes.js";
import { fromHex, hex } from "./bytes.js";
import { cardNumberField, decryptPinBlock, encryptPinBlock } from "./pin-block.js";

const key = fromHex("af8cb133a78f8dc2d1359f18527593fb");
const cardNumber = "4111111111111111";
const random8 = fromHex("2f69adde2e9e7ace");
const block = encryptPinBlock({ key, pin: "1234", cardNumber, random8 });

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Seals a PIN field of any content, as no PIN pad would. */
function sealField(fieldHex: string): Buffer {
  const sealed = encryptBlocks({ key, data: fromHex(fieldHex) });
  return encryptBlocks({ key, data: xor(sealed, cardNumberField(cardNumber)) });
}

describe("PIN block", () => {
  it("gives back the PIN that went in", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16, 32).chain(bytes),
        fc.stringMatching(/^[0-9]{4,12}$/),
        fc.stringMatching(/^[0-9]{1,19}$/),
        bytes(8),
        (anyKey, pin, number, random) => {
          const options = { key: anyKey, cardNumber: number };
          const sealed = encryptPinBlock({ ...options, pin, random8: random });
          expect(decryptPinBlock({ ...options, block: sealed })).toBe(pin);
        },
      ),
    );
  });

  it("differs with the random bytes alone", () => {
    const other = encryptPinBlock({ key, pin: "1234", cardNumber, random8: new Uint8Array(8) });
    expect(other).not.toEqual(block);
  });

  it("does not open for another card or under another key", () => {
    expect(decryptPinBlock({ key, block, cardNumber: "4111111111111112" })).toBeNull();
    const otherKey = fromHex("af8cb133a78f8dc2d1359f18527593fc");
    expect(decryptPinBlock({ key: otherKey, block, cardNumber })).toBeNull();
  });

  it("does not open with any one bit flipped", () => {
    for (let bit = 0; bit < 128; bit += 1) {
      const flipped = Buffer.from(block);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decryptPinBlock({ key, block: flipped, cardNumber })).toBeNull();
    }
  });

  it("opens a field sealed by hand, so that the refusals below have one reason each", () => {
    expect(
      decryptPinBlock({
        key,
        block: sealField(`441234${"a".repeat(10)}${hex(random8)}`),
        cardNumber,
      }),
    ).toBe("1234");
  });

  it.each([
    { name: "control digit of format 3", half: `341234${"a".repeat(10)}` },
    { name: "PIN of 3 digits", half: `43123${"a".repeat(11)}` },
    { name: "PIN of 13 digits", half: "4d1234567890123a" },
    { name: "length longer than the PIN", half: `451234${"a".repeat(10)}` },
    { name: "length shorter than the PIN", half: `4412345${"a".repeat(9)}` },
    { name: "digit that is no decimal", half: `44123b${"a".repeat(10)}` },
    { name: "filler of format 3", half: `441234${"b".repeat(10)}` },
    { name: "last filler digit", half: `441234${"a".repeat(9)}0` },
  ])("is refused: $name", ({ half }) => {
    const sealed = sealField(`${half}${hex(random8)}`);
    expect(decryptPinBlock({ key, block: sealed, cardNumber })).toBeNull();
  });

  it.each([0, 8, 15, 17, 32])("is refused at %i bytes", (length) => {
    expect(decryptPinBlock({ key, block: new Uint8Array(length), cardNumber })).toBeNull();
  });
});

describe("encryptPinBlock", () => {
  it.each(["123", "1234567890123", "12a4", "١٢٣٤", ""])("refuses the PIN %j", (pin) => {
    expect(() => encryptPinBlock({ key, pin, cardNumber, random8 })).toThrow(/4 to 12 digits/);
  });

  it("says nothing of the PIN or the card number in its errors", () => {
    const wrongPin = () => encryptPinBlock({ key, pin: "987x", cardNumber, random8 });
    expect(wrongPin).toThrow(/^(?!.*987)/);
    const wrongNumber = () => encryptPinBlock({ key, pin: "1234", cardNumber: "4111x", random8 });
    expect(wrongNumber).toThrow(/^(?!.*4111)/);
  });

  it("refuses random bytes of another length", () => {
    const options = { key, pin: "1234", cardNumber, random8: new Uint8Array(7) };
    expect(() => encryptPinBlock(options)).toThrow(/random8/);
  });
});

describe("cardNumberField", () => {
  it.each([
    { number: "1", field: "00000000000010000000000000000000" },
    { number: "748123456789", field: "07481234567890000000000000000000" },
    { number: "1234567890123456789", field: "71234567890123456789000000000000" },
  ])("writes $number", ({ number, field }) => {
    expect(hex(cardNumberField(number))).toBe(field);
  });
});
