// What is wrong in a programme file is told by file, line and reason.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogueData, TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { tempFiles } from "../../../tests/support/temp-folder.js";
import { CatalogueError } from "./catalogue-error.js";
import { loadProgramme } from "./programme.js";
import { readProgrammeFile } from "./programme-file.js";

const nextFile = tempFiles();

function written(text: string): string {
  const path = nextFile("programme.json");
  writeFileSync(path, text);
  return path;
}

/** The message of the refusal, with the file's path as `FILE`. */
function refusalOf(text: string): string {
  const path = written(text);
  try {
    readProgrammeFile(path);
  } catch (error) {
    if (error instanceof CatalogueError) return error.message.replaceAll(path, "FILE");
    throw error;
  }
  return "";
}

/** The catalogue as text, one field a line, and the line on which a piece of it first stands, from 1. */
const TEXT = JSON.stringify(catalogueData(), null, 2);
const lineOf = (text: string, piece: string) => {
  const offset = text.indexOf(piece);
  if (offset < 0) throw new Error(`the catalogue has no ${piece}`);
  return text.slice(0, offset).split("\n").length;
};

describe("a programme file", () => {
  it("that is checked in is read, and gives the data that the programme is made of", () => {
    const file = new URL("../../../fixtures/programme/2022-2023.json", import.meta.url);
    const { avantages } = loadProgramme(readProgrammeFile(fileURLToPath(file)));
    expect([...avantages.keys()]).toEqual([...TEST_PROGRAMME.avantages.keys()]);
  });

  it.each([
    ["an unclosed object", '{\n  "campaigns": [\n', "FILE:3: CloseBracketExpected"],
    ["a comment", '{\n  // why\n  "a": 1 }', "FILE:2: InvalidCommentToken"],
    ["a comma too many", '{\n  "a": 1,\n}', "FILE:3: PropertyNameExpected"],
    ["nothing in it", "", "FILE:1: ValueExpected"],
  ])("with %s is refused by file and line", (_what, text, message) => {
    expect(refusalOf(text)).toBe(message);
  });

  it("with a value of another form is refused where the value stands", () => {
    const text = TEXT.replace('"unit": "SEAT"', '"unit": "PLACE"');
    const line = lineOf(text, '"PLACE"');
    expect(refusalOf(text)).toMatch(new RegExp(`^FILE:${line}: avantages\\.5\\.unit: .*SEAT`));
  });

  it("without a field is refused where the field would stand", () => {
    const text = TEXT.replace('"label": "Cinéma",', "");
    const line = lineOf(text, '"code": "CINEMA"') - 1;
    expect(refusalOf(text)).toMatch(new RegExp(`^FILE:${line}: avantages\\.5\\.label: `));
  });

  it("with rules that do not fit together is refused where each of them stands", () => {
    const text = TEXT.replace('"type": "CINEMA"', '"type": "KINO"').replace(
      '"CINEMA/copay"',
      '"CINEMA/seats"',
    );
    const rules = text.indexOf('"CINEMA/seats"');
    const second = text.slice(0, text.indexOf('"CINEMA/seats"', rules + 1)).split("\n").length;
    expect(refusalOf(text).split("\n")).toEqual([
      `FILE:${second}: avantages.5.rules.2.id: rule CINEMA/seats is defined twice`,
      `FILE:${lineOf(text, '"KINO"')}: avantages.5.rules.3.type: KINO is not in the vocabulary`,
    ]);
  });

  it("that is not there is the system's own error", () => {
    expect(() => readProgrammeFile(nextFile("none.json"))).toThrow(/ENOENT/);
  });
});
