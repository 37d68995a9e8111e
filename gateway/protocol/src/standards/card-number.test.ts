// Checks the card number and its check digit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCardNumber, lastFour, withLuhn } from "./card-number.js";

describe("card number", () => {
  it.each([
    { text: "4111111111111111", valid: true },
    { text: "5555555555554444", valid: true },
    { text: "4012888888881881", valid: true },
    { text: "0000000000000000", valid: true },
    { text: "4111111111111112", valid: false },
    { text: "411111111111111", valid: false },
    { text: "41111111111111110", valid: false },
    { text: "4111 1111 1111 1111", valid: false },
    { text: "4111111111111111\n", valid: false },
    { text: "４111111111111111", valid: false },
  ])("$text: $valid", ({ text, valid }) => {
    expect(isCardNumber(text)).toBe(valid);
  });

  it("is made by adding the check digit, and no other digit will do", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{15}$/),
        fc.integer({ min: 1, max: 9 }),
        (digits, off) => {
          const number = withLuhn(digits);
          expect(isCardNumber(number)).toBe(true);
          const wrongDigit = (Number(number.slice(-1)) + off) % 10;
          expect(isCardNumber(`${digits}${wrongDigit}`)).toBe(false);
        },
      ),
    );
  });

  it("is not made of anything but 15 digits", () => {
    expect(() => withLuhn("4111111111111111")).toThrow(/15 digits/);
  });

  it("is shown by its last four digits", () => {
    expect(lastFour("4111111111111234")).toBe("1234");
  });
});
