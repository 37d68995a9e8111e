// Young people are told in plain French what to do next, and never why a card is blocked.

import { describe, expect, it } from "vitest";
import { noActiveCardWords, waitWords } from "./words.js";

const MINUTE_MS = 60_000;

describe("a wait", () => {
  it.each([
    [1, "1 minute"],
    [MINUTE_MS, "1 minute"],
    [MINUTE_MS + 1, "2 minutes"],
    [60 * MINUTE_MS, "60 minutes"],
    [60 * MINUTE_MS + 1, "2 heures"],
    [24 * 60 * MINUTE_MS, "24 heures"],
  ])("of %i ms is told as %s, never too short", (waitMs, words) => {
    expect(waitWords(waitMs)).toBe(`Trop d'essais. Réessaie dans ${words}.`);
  });
});

describe("a card that is not active", () => {
  it.each([
    [null, /pas encore active/],
    ["ORDERED", /pas encore active/],
    ["LOST", /perdue ou volée/],
    ["STOLEN", /perdue ou volée/],
    ["REPLACED", /nouvelle carte/],
    ["EXPIRED", /expirée/],
    ["BLOCKED", /ne peut pas être utilisée pour le moment/],
  ] as const)("because it is %s is told as that", (status, words) => {
    expect(noActiveCardWords(status)).toMatch(words);
  });
});
