// Every rule of the checked-in catalogue, shown by what the gateway does with it.

import { describe, expect, it } from "vitest";
import { catalogueData } from "../support/programme.js";
import { RULE_CHECKS } from "./checks/all.js";
import { CATALOGUE } from "./support/catalogue.js";
import { rulePathsOf } from "./support/rule-paths.js";

describe("the programme", () => {
  for (const { rule, name, check } of RULE_CHECKS) {
    it(`${rule}: ${name}`, () => check(CATALOGUE));
  }
});

describe("the checks", () => {
  it("are about every rule of the catalogue, and about no other", () => {
    const checked = new Set(RULE_CHECKS.map(({ rule }) => rule));
    expect([...checked].sort()).toEqual([...rulePathsOf(catalogueData())].sort());
  });

  it("have each a name of their own", () => {
    const names = RULE_CHECKS.map(({ rule, name }) => `${rule}: ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });
});
