// Any text in the SEPA character set, and what can be a reference there.

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import { isSepaReference, isSepaText, sepaText } from "./sepa-text.js";

describe("SEPA text", () => {
  test.each([
    ["Librairie de l’Étoile & Cie", "Librairie de l'Etoile + Cie"],
    ["Œuvre « Cœur »", "OEuvre ' Coeur '"],
    ["Straße_1 [2]; 3 €", "Strasse-1 (2), 3 E"],
    ["  deux\t\n  mots ", "deux mots"],
    ["北京 #1", ".. .1"],
    ["e\u0301 seul : \u0301", "e seul : ."],
    ["a\u{1f4da}b", "a.b"],
  ])("writes %j as %j", (text, sepa) => {
    expect(sepaText(text, 70)).toBe(sepa);
  });

  it("cuts to the length, without a blank at the end", () => {
    expect(sepaText("abc def", 4)).toBe("abc");
    expect(sepaText("éééé", 3)).toBe("eee");
  });

  it("is in the set and within the length for any text, and empty for blanks alone", () => {
    const options = printedSeed("sepa text", 2_000);
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 90 }),
        fc.integer({ min: 1, max: 70 }),
        (text, lengthMax) => {
          const sepa = sepaText(text, lengthMax);
          expect(isSepaText(sepa)).toBe(true);
          expect(sepa.length).toBeLessThanOrEqual(lengthMax);
          expect(sepa === "").toBe(text.trim() === "");
        },
      ),
      options,
    );
  });
});

describe("a SEPA reference", () => {
  test.each(["A", "PASSREGION-2023-03-19-1", "a/b", "A".repeat(35)])("can be %j", (text) => {
    expect(isSepaReference(text)).toBe(true);
  });

  test.each(["", "/a", "a/", "a//b", "é", "a_b", "A".repeat(36)])("cannot be %j", (text) => {
    expect(isSepaReference(text)).toBe(false);
  });
});
