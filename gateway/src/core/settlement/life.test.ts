import { describe, expect, it } from "vitest";
import { BugError } from "../assert.js";
import { assertWay, canGo, heard, OPEN_STATES } from "./life.js";
import type { LineState } from "./model.js";

const STATES: readonly LineState[] = ["ACCRUED", "HELD", "RELEASED", "BATCHED", "PAID", "REJECTED"];

describe("the life of a line", () => {
  it("comes to a payment from what is released, and from nothing else", () => {
    expect(STATES.filter((from) => canGo({ from, to: "BATCHED" }))).toEqual(["RELEASED"]);
  });

  it("is held or released again from every open state, and from no other", () => {
    for (const to of ["HELD", "RELEASED"] as const) {
      expect(STATES.filter((from) => canGo({ from, to })).sort()).toEqual([...OPEN_STATES].sort());
    }
  });

  it("ends in a payment's outcome, and never goes back to its beginning", () => {
    expect(STATES.filter((from) => canGo({ from, to: "PAID" }))).toEqual(["BATCHED"]);
    expect(STATES.filter((from) => canGo({ from, to: "REJECTED" }))).toEqual(["BATCHED", "PAID"]);
    expect(STATES.some((from) => canGo({ from, to: "ACCRUED" }))).toBe(false);
  });

  it("takes each step that it must, one after the other", () => {
    expect(() => assertWay("HELD", "RELEASED", "BATCHED")).not.toThrow();
    expect(() => assertWay("HELD", "BATCHED")).toThrow(BugError);
    expect(() => assertWay("BATCHED", "RELEASED")).toThrow(BugError);
  });
});

it.each([
  ["BATCHED", "PAID", "applied"],
  ["BATCHED", "REJECTED", "applied"],
  ["PAID", "PAID", "unchanged"],
  ["REJECTED", "REJECTED", "unchanged"],
  ["PAID", "REJECTED", "applied"],
  ["REJECTED", "PAID", "contradiction"],
] as const)("a %s payment that is said to be %s is %s", (state, word, outcome) => {
  expect(heard(state, word)).toBe(outcome);
});
