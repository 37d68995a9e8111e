// Which proof a commitment is told to lack, where several rules reward it; and rules that reward none.

import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../tests/support/builders.js";
import * as calendar from "../../catalogue/civil-dates.js";
import type { Criteria, GrantRule } from "../programme.js";
import { rewardsOf } from "./commitments.js";
import { missingProofs, rewards } from "./criteria.js";

const EVERYBODY: Criteria = {
  campaign: null,
  status: null,
  level: null,
  track: null,
  flags: null,
  commitment: null,
  proofs: null,
};
const asks = (proofs: readonly string[] | null, rest: Partial<GrantRule> = {}): GrantRule => ({
  id: "PERMIS_B/test",
  amount: 20_000,
  onlyAt: null,
  when: { ...EVERYBODY, commitment: ["JSP"], proofs },
  ...rest,
});

function rewarded(grants: readonly GrantRule[], proofs: readonly string[]) {
  const avantages = new Map([["PERMIS_B", ruleOf("PERMIS_B", { grants })]]);
  const fulfilment = { commitment: "JSP", proofs };
  return rewardsOf({ programme: { avantages }, fulfilment, nowMs: 0, calendar });
}

describe("a commitment that several rules reward", () => {
  it("is told the proofs of the rule that lacks the fewest, in whatever order they stand", () => {
    const rules = [asks(["BREVET", "ENGAGEMENT"]), asks(["CERTIFICATE"])];
    expect(rewarded(rules, [])).toEqual({ missing: ["CERTIFICATE"] });
    expect(rewarded([...rules].reverse(), [])).toEqual({ missing: ["CERTIFICATE"] });
    expect(rewarded(rules, ["BREVET"])).toEqual({ missing: ["ENGAGEMENT"] });
  });

  it("lacks no proof where it shows all, though no rule gives an amount at every partner", () => {
    const atSome = asks(["BREVET"], { onlyAt: "flag" });
    expect(rewarded([atSome], ["BREVET"])).toBe("NOTHING_FOR_IT");
    expect(rewarded([atSome, asks(["CERTIFICATE"])], ["BREVET"])).toEqual({
      missing: ["CERTIFICATE"],
    });
  });

  it("needs no proof where its rule asks for none", () => {
    expect(missingProofs(asks(null).when, [])).toEqual([]);
    expect(rewarded([asks(null)], [])).toMatchObject({ rewards: [{ amount: 20_000 }] });
  });
});

describe("a rule that names no commitment", () => {
  it("rewards none", () => {
    expect(rewards(EVERYBODY, "JSP")).toBe(false);
    expect(rewarded([asks(null, { when: EVERYBODY })], [])).toBe("NOTHING_FOR_IT");
  });
});
