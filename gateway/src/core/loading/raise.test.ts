// Two reckonings of one grant: the higher of both, at every partner and at the one with the flag, and by which rule.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../../tests/support/builders.js";
import type { Amounts } from "../entitlement/amounts.js";
import { raisedAmounts } from "./raise.js";

const PARTNER_FLAG = "combatSport";
const supplementOf = (amount: number) => ({ amount, partnerFlag: PARTNER_FLAG });
const held = (amount: number, supplement: Amounts["supplement"] = null) =>
  grantOf("LICENCE", { amount, supplement, rule: "before" });
const reckoned = (amount: number, supplement: Amounts["supplement"] = null): Amounts => ({
  amount,
  supplement,
  rule: "now",
});

describe("a grant reckoned again", () => {
  it("keeps its rule where only a supplement comes to it (T-23)", () => {
    expect(raisedAmounts(held(3000), reckoned(3000, supplementOf(3000)))).toEqual({
      amount: 3000,
      supplement: supplementOf(3000),
      rule: "before",
    });
  });

  it("keeps its amount and rule where the supplement alone reaches higher", () => {
    expect(raisedAmounts(held(3000), reckoned(2000, supplementOf(4000)))).toEqual({
      amount: 3000,
      supplement: supplementOf(3000),
      rule: "before",
    });
  });

  it("keeps what its own supplement reached above the amount that is raised (T-23, T-47)", () => {
    expect(raisedAmounts(held(3000, supplementOf(3000)), reckoned(4000))).toEqual({
      amount: 4000,
      supplement: supplementOf(2000),
      rule: "now",
    });
  });

  it("is as it was where neither is higher", () => {
    expect(raisedAmounts(held(3000, supplementOf(3000)), reckoned(3000))).toBeNull();
  });
});
