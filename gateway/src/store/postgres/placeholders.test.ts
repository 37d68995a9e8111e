// Placeholders become numbers where they are placeholders, and nowhere else.

import { describe, expect, it } from "vitest";
import { BugError } from "../../core/assert.js";
import { translate } from "./placeholders.js";

describe("placeholders", () => {
  it("in their order are numbered", () => {
    const { text, valuesOf } = translate("SELECT ? WHERE a = ?");
    expect(text).toBe("SELECT $1 WHERE a = $2");
    expect(valuesOf(["x", 2])).toEqual(["x", 2]);
  });

  it("by name have one number each, however often they stand there", () => {
    const { text, valuesOf } = translate("SELECT @b, @aLong, @b");
    expect(text).toBe("SELECT $1, $2, $1");
    expect(valuesOf([{ aLong: null, b: 1, more: 3 }])).toEqual([1, null]);
  });

  it("are none in a string, a quoted name or a comment", () => {
    const text = `SELECT '?''@x', "a?" -- ? @x\n /* ? */ FROM t`;
    expect(translate(text).text).toBe(text);
  });

  it("of one text have a name of their own, that a connection can prepare", () => {
    const [one, other] = [translate("SELECT 1"), translate("SELECT 2")];
    expect(one.name).toBe(translate("SELECT 1").name);
    expect(one.name).not.toBe(other.name);
  });

  it.each<[string, () => unknown]>([
    ["of both kinds in one text", () => translate("SELECT ?, @a")],
    ["without their value", () => translate("SELECT ?").valuesOf([])],
    ["without their value by name", () => translate("SELECT @a").valuesOf([{ b: 1 }])],
    ["with a value too many", () => translate("SELECT ?").valuesOf([1, 2])],
    ["with a text that PostgreSQL cannot keep", () => translate("SELECT ?").valuesOf(["a\0b"])],
    ["with a number that is not whole", () => translate("SELECT ?").valuesOf([1.5])],
  ])("%s are a bug", (_what, use) => {
    expect(use).toThrow(BugError);
  });
});
