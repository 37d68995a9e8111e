import { describe, expect, it } from "vitest";
import { BugError } from "../assert.js";
import { assertWay, canGo, heard, OPEN_STATES, type Standing } from "./life.js";
import type { LineState, Payment } from "./model.js";
import type { BankWord } from "./ports.js";

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
    expect(STATES.filter((from) => canGo({ from, to: "PAID" }))).toEqual([
      ...["HELD", "RELEASED", "BATCHED", "REJECTED"],
    ]);
    expect(STATES.filter((from) => canGo({ from, to: "REJECTED" }))).toEqual(["BATCHED", "PAID"]);
    expect(STATES.some((from) => canGo({ from, to: "ACCRUED" }))).toBe(false);
  });

  it("takes each step that it must, one after the other", () => {
    expect(() => assertWay("HELD", "RELEASED", "BATCHED")).not.toThrow();
    expect(() => assertWay("HELD", "BATCHED")).toThrow(BugError);
    expect(() => assertWay("BATCHED", "RELEASED")).toThrow(BugError);
  });
});

/** A payment of which a bank spoke once, and that could be put right; it speaks again by name. */
function hear(
  state: Payment["state"],
  status: BankWord["status"],
  change: Partial<Standing & Pick<BankWord, "about">> & { readonly at?: number } = {},
) {
  const { about = "payment", at = 20, ...rest } = change;
  const saidAtMs = state === "BATCHED" ? null : 10;
  const standing = { state, saidAtMs, canPutRight: true, ofMessage: new Set([state]), ...rest };
  return heard(standing, { status, about, saidAtMs: at });
}

describe("what a bank says of a payment", () => {
  it.each([
    ["BATCHED", "PAID", "applied"],
    ["BATCHED", "REJECTED", "applied"],
    ["PAID", "PAID", "unchanged"],
    ["REJECTED", "REJECTED", "unchanged"],
    ["PAID", "REJECTED", "applied"],
    ["REJECTED", "PAID", "applied"],
  ] as const)("to a %s one that it is %s is %s", (state, word, outcome) => {
    expect(hear(state, word)).toBe(outcome);
  });

  it("as a whole rejects nothing once one payment of the message went out", () => {
    const about = "message";
    expect(hear("BATCHED", "REJECTED", { about })).toBe("applied");
    expect(hear("PAID", "REJECTED", { about })).toBe("contradiction");
    const ofMessage = new Set(["BATCHED", "PAID"] as const);
    expect(hear("BATCHED", "REJECTED", { about, ofMessage })).toBe("contradiction");
    expect(hear("BATCHED", "REJECTED", { ofMessage })).toBe("applied");
  });

  it("as a whole puts right what was returned as a whole, and nothing that came back alone", () => {
    const about = "message";
    expect(hear("REJECTED", "PAID", { about })).toBe("applied");
    const ofMessage = new Set(["REJECTED", "PAID"] as const);
    expect(hear("REJECTED", "PAID", { about, ofMessage })).toBe("contradiction");
    expect(hear("BATCHED", "PAID", { about, ofMessage })).toBe("applied");
    expect(hear("REJECTED", "PAID", { ofMessage })).toBe("applied");
  });

  it("is too late for what may be paid again by now", () => {
    expect(hear("REJECTED", "PAID", { canPutRight: false })).toBe("contradiction");
  });

  it.each(["BATCHED", "PAID"] as const)("of a second copy says nothing of a %s one", (state) => {
    expect(hear(state, "REJECTED", { about: "copy" })).toBe("contradiction");
  });

  it.each([
    ["PAID", "REJECTED"],
    ["REJECTED", "PAID"],
  ] as const)("of a %s one counts when it was said later than what stands", (state, word) => {
    expect(hear(state, word, { at: 9 })).toBe("unchanged");
    expect(hear(state, word, { at: 10 })).toBe("contradiction");
    expect(hear(state, word, { at: 11 })).toBe("applied");
  });
});
