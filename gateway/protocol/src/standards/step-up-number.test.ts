// The number of a step-up: the same at both ends, another for each presentation, and in the form of a card number.

import fc from "fast-check";
import { expect, it } from "vitest";
import { isCardNumber } from "./card-number.js";
import { stepUpNumber } from "./step-up-number.js";

it("has the form of a card number and stands for one presentation", () => {
  const refs = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{22}$/), {
    minLength: 2,
    maxLength: 2,
  });
  fc.assert(
    fc.property(refs, ([one = "", other = ""]) => {
      expect(isCardNumber(stepUpNumber(one))).toBe(true);
      expect(stepUpNumber(one)).toBe(stepUpNumber(one));
      expect(stepUpNumber(one)).not.toBe(stepUpNumber(other));
    }),
  );
});

it("is made in the same way in a year", () => {
  expect(stepUpNumber("AAAAAAAAAAAAAAAAAAAAAA")).toBe("0008846944716636");
});
