// Checks what is made of answers to reset: known cards, wrong check bytes, and any bytes at all.

import { fromHex } from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswerToReset } from "./atr.js";

describe("an answer to reset", () => {
  it.each([
    [
      "3b8f8001804f0ca000000306030001000000006a",
      "storage",
      "ISO14443-A part 3, name 0001 (MIFARE 1K)",
    ],
    [
      "3b8f8001804f0ca0000003060300020000000069",
      "storage",
      "ISO14443-A part 3, name 0002 (MIFARE 4K)",
    ],
    [
      "3b8f8001804f0ca00000030603ff2800000000bc",
      "storage",
      "ISO14443-A part 3, name ff28 (unknown)",
    ],
    ["3b80800101", "iso14443-4", "ISO14443-4 without historical bytes"],
    ["3b8180018080", "iso14443-4", "ISO14443-4 with historical bytes"],
    ["3b6500002063cb6800", "other", "no contactless card"],
  ])("%s: %s", (atr, kind, meaning) => {
    expect(readAnswerToReset(fromHex(atr))).toEqual({ tckOk: true, kind, meaning });
  });

  it.each([
    ["is wrong", "3b8180018081"],
    ["is missing", "3b81800180"],
    ["is not the last", "3b818001808000"],
  ])("whose check byte %s says so", (_case, atr) => {
    expect(readAnswerToReset(fromHex(atr))).toMatchObject({ tckOk: false, kind: "iso14443-4" });
  });

  it("of any bytes is read without a fault, and not as a card when it is cut", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (atr) => void readAnswerToReset(atr)));
    const cut = { tckOk: false, kind: "other", meaning: "a cut answer to reset" };
    for (const atr of ["", "3b", "3b8f80", "3b8f8001804f0c", "3bf0ff"]) {
      expect(readAnswerToReset(fromHex(atr))).toEqual(cut);
    }
  });
});
