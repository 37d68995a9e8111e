// What is checked before any card: the place of sale, and the form of what was typed.

import { PURCHASE_CENTS_MAX, QUANTITY_MAX } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { aPartner, aTerminal, NOW_MS, ruleOf } from "../../../tests/support/builders.js";
import type { Convention, Snapshot } from "./model.js";
import { checkForm, checkPlace } from "./place.js";

const convention = (change: Partial<Convention>): Convention => ({
  reference: "C-1",
  state: "IN_FORCE",
  fromMs: NOW_MS - 10,
  toMs: NOW_MS + 10,
  ...change,
});

function codeUnder(...conventions: readonly Convention[]) {
  const partner = aPartner({ conventions });
  const snapshot: Snapshot = {
    terminal: aTerminal(),
    partner,
    card: null,
    account: null,
    grants: [],
    proof: null,
    appCodeUsed: false,
  };
  return checkPlace(snapshot, NOW_MS)?.code ?? null;
}

describe("a convention", () => {
  it.each([
    ["from its first instant", { fromMs: NOW_MS }, null],
    ["not before", { fromMs: NOW_MS + 1 }, "CONVENTION_NOT_IN_FORCE"],
    ["to its last instant", { toMs: NOW_MS + 1 }, null],
    ["not after", { toMs: NOW_MS }, "CONVENTION_NOT_IN_FORCE"],
    ["not when only the partner signed", { state: "SIGNED" }, "CONVENTION_NOT_IN_FORCE"],
    ["not when it was ended", { state: "TERMINATED" }, "CONVENTION_NOT_IN_FORCE"],
  ] as const)("binds %s", (_when, change, code) => {
    expect(codeUnder(convention(change))).toBe(code);
  });

  it("in force is enough beside one that ran out", () => {
    expect(codeUnder(convention({ toMs: NOW_MS - 1 }), convention({}))).toBeNull();
  });
});

describe("what was typed", () => {
  it.each([
    ["SPECTACLE", 1, null, null],
    ["SPECTACLE", PURCHASE_CENTS_MAX, null, null],
    ["SPECTACLE", PURCHASE_CENTS_MAX + 1, null, "AMOUNT_INVALID"],
    ["SPECTACLE", 0, null, "AMOUNT_INVALID"],
    ["SPECTACLE", -1, null, "AMOUNT_INVALID"],
    ["SPECTACLE", 1.5, null, "AMOUNT_INVALID"],
    ["SPECTACLE", null, null, "AMOUNT_INVALID"],
    ["SPECTACLE", 100, 1, "QUANTITY_INVALID"],
    ["PSC1", 6000, 1, null],
    ["PSC1", 6000, 0, "QUANTITY_INVALID"],
    ["PSC1", 6000, 2, "COLLECTIVE_USE_FORBIDDEN"],
    ["CINEMA", null, 1, null],
    ["CINEMA", null, QUANTITY_MAX, null],
    ["CINEMA", null, QUANTITY_MAX + 1, "QUANTITY_INVALID"],
    ["CINEMA", null, 0, "QUANTITY_INVALID"],
    ["CINEMA", null, null, "QUANTITY_INVALID"],
    ["CINEMA", -5, 1, "AMOUNT_INVALID"],
    ["MUSEE", null, null, null],
    ["MUSEE", 0, null, "AMOUNT_INVALID"],
    ["MUSEE", null, 1, "QUANTITY_INVALID"],
  ] as const)("for %s, %s cents and quantity %s: %s", (code, purchaseCents, quantity, refusal) => {
    const found = checkForm(ruleOf(code), { purchaseCents, quantity });
    expect(found?.code ?? null).toBe(refusal);
  });
});
