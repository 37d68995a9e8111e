// CSV as spreadsheets open it: quoting, decimal commas, and no cell that is a formula.

import { describe, expect, it, test } from "vitest";
import { csvFile } from "./csv.js";

describe("CSV", () => {
  it("begins with the mark of UTF-8, and ends every line with CRLF", () => {
    expect(csvFile(["a", "é"], [["x", 1]])).toBe("\ufeffa;é\r\nx;1\r\n");
  });

  test.each([
    [{ cents: 123_456 }, "1234,56"],
    [{ cents: -5 }, "-0,05"],
    [{ cents: 0 }, "0,00"],
    [-3, "-3"],
    [null, ""],
    ["a;b", '"a;b"'],
    ['a"b', '"a""b"'],
    ["a\r\nb", '"a\r\nb"'],
    ["a,b", "a,b"],
    ["=1+1", "'=1+1"],
    ["+33", "'+33"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ['=HYPERLINK("x";"y")', '"\'=HYPERLINK(""x"";""y"")"'],
    ["a=1", "a=1"],
  ])("writes %j as %j", (cell, text) => {
    expect(csvFile(["h"], [[cell]])).toBe(`\ufeffh\r\n${text}\r\n`);
  });
});
