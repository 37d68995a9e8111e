// Every rule of the checked-in catalogue, shown by what the gateway does with it.

import { describe, expect, it } from "vitest";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import { catalogueData } from "../support/programme.js";
import { RULE_CHECKS } from "./checks/all.js";
import { rulePathsOf } from "./support/rule-paths.js";

const PROGRAMME = loadProgramme(catalogueData());

describe("the programme", () => {
  it.each(RULE_CHECKS)("$rule: $name", ({ check }) => check(PROGRAMME));
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
