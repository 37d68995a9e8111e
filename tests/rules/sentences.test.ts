// The table of sentences names tests that exist, and every sentence that the catalogue quotes.

import { describe, expect, it } from "vitest";
import { catalogueData } from "../support/programme.js";
import { SENTENCES } from "./sentences.js";
import { missingCheck, missingTest } from "./support/named-tests.js";
import { quotedRulesOf } from "./support/rule-paths.js";

const rulesOf = (row: (typeof SENTENCES)[number]) => ("rules" in row ? (row.rules ?? []) : []);
const testsOf = (row: (typeof SENTENCES)[number]) => ("tests" in row ? (row.tests ?? []) : []);

describe("the table of the source's sentences", () => {
  it("has each sentence once, with what shows it or why nothing does", () => {
    const sources = SENTENCES.map(({ source }) => source);
    expect(sources.filter((source, index) => sources.indexOf(source) < index)).toEqual([]);
    const bare = SENTENCES.filter(
      (row) =>
        !("noRule" in row || "notYet" in row) && rulesOf(row).length + testsOf(row).length === 0,
    );
    expect(bare).toEqual([]);
  });

  it("names tests and rule checks that exist", () => {
    const wrong = SENTENCES.flatMap((row) => [
      ...testsOf(row).map(missingTest),
      ...rulesOf(row).map(missingCheck),
    ]);
    expect(wrong.filter((reason) => reason !== null)).toEqual([]);
  });

  for (const quoted of quotedRulesOf(catalogueData())) {
    it(`names ${quoted.rule} for the sentence that it quotes`, () => {
      const row = SENTENCES.find(({ source }) => source === quoted.source);
      expect(row, quoted.source).toBeDefined();
      expect(row && rulesOf(row)).toContain(quoted.rule);
    });
  }

  it("finds a test that was renamed, and a rule without a check", () => {
    const file = "tests/rules/sentences.test.ts";
    expect(
      missingTest({ file, test: "finds a test that was renamed, and a rule without a check" }),
    ).toBeNull();
    expect(missingTest({ file, test: ["a name", "of no test"].join(" ") })).toMatch(/has no test/);
    expect(missingTest({ file: "tests/rules/none.test.ts", test: "x" })).toMatch(/does not exist/);
    expect(missingCheck("CINEMA/popcorn")).toMatch(/no check/);
  });
});
