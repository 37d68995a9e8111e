// Every complaint has tests that exist, and docs/COMPLAINTS.md says the same.

import { describe, expect, test } from "vitest";
import { missingTest } from "../rules/support/named-tests.js";
import { COMPLAINTS, complaintsDocument } from "./complaints.js";

describe.each(COMPLAINTS)("$title", ({ rows }) => {
  test.each(rows)("$id: $complaint", ({ tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.map(missingTest).filter((reason) => reason !== null)).toEqual([]);
  });
});

test("each complaint has a number of its own", () => {
  const ids = COMPLAINTS.flatMap(({ rows }) => rows.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a test that is not there is missed", () => {
  const file = "tests/reliability/complaints.test.ts";
  const title = ["of which", "nobody has heard"].join(" ");
  expect(missingTest({ file, test: title })).toContain(title);
  expect(missingTest({ file: "tests/nowhere.test.ts", test: title })).toContain("does not exist");
});

test("the document is what the data says", async () => {
  await expect(complaintsDocument()).toMatchFileSnapshot("../../docs/COMPLAINTS.md");
});
