// What several rules give together: which of them an amount is put down to, and when one club's supplement is none.

import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../tests/support/builders.js";
import type { GrantRule } from "../programme.js";
import { highestAmounts } from "./amounts.js";

const when: GrantRule["when"] = {
  campaign: null,
  status: null,
  level: null,
  track: null,
  flags: null,
  commitment: null,
  proofs: null,
};
const gives = (id: string, amount: number, onlyAt: string | null = null): GrantRule => ({
  id,
  amount,
  when,
  onlyAt,
});
const together = (...rules: readonly GrantRule[]) => highestAmounts(ruleOf("LICENCE"), rules);

describe("rules that hold together", () => {
  it("of the same amount are put down to the first, in the catalogue's order", () => {
    expect(together(gives("first", 3000), gives("second", 3000))).toMatchObject({ rule: "first" });
    const atClubs = [gives("one", 6000, "oneFlag"), gives("other", 6000, "otherFlag")];
    expect(together(gives("base", 3000), ...atClubs)).toMatchObject({
      supplement: { amount: 3000, partnerFlag: "oneFlag" },
      rule: "base",
    });
  });

  it("give no supplement where every partner gives as much (T-23)", () => {
    const club = gives("club", 6000, "combatSport");
    for (const rules of [
      [gives("base", 6000), club],
      [club, gives("base", 6000)],
    ]) {
      expect(together(...rules)).toEqual({ amount: 6000, supplement: null, rule: "base" });
    }
  });
});
