// docs/TRAPS.md has each trap once, and names tests and rules that exist.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingCheck, missingTest, type TestRef } from "./support/named-tests.js";

const DOCUMENT = new URL("../../docs/TRAPS.md", import.meta.url);
const TRAPS = 62;

interface Trap {
  readonly number: string;
  readonly said: string;
}

const LISTED: readonly Trap[] = readFileSync(DOCUMENT, "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, number, said] = /^- \*\*(T-\d\d) [^*]+\.\*\* (.+)$/.exec(line) ?? [];
    return number === undefined || said === undefined ? [] : [{ number, said }];
  });

const testsOf = ({ said }: Trap): readonly TestRef[] =>
  [...said.matchAll(/`([^`]+\.ts)` "([^"]+)"/g)].flatMap(([, file, test]) =>
    file === undefined || test === undefined ? [] : [{ file, test }],
  );

const rulesOf = ({ said }: Trap): readonly string[] => {
  const [listed] = /Rules? (`[^`]+`(, `[^`]+`)*)/.exec(said) ?? [];
  return [...(listed ?? "").matchAll(/`([^`]+)`/g)].flatMap(([, rule]) => rule ?? []);
};

describe("the list of traps", () => {
  it("has each of the 62 once, in order", () => {
    const numbers = Array.from({ length: TRAPS }, (_, index) => {
      return `T-${String(index + 1).padStart(2, "0")}`;
    });
    expect(LISTED.map(({ number }) => number)).toEqual(numbers);
  });

  for (const trap of LISTED) {
    it(`${trap.number} names tests and rules that exist, or says why none`, () => {
      const tests = testsOf(trap);
      const rules = rulesOf(trap);
      const excused = /Not yet: |Not the gateway's: /.test(trap.said);
      expect(tests.length + rules.length > 0 || excused).toBe(true);
      const wrong = [...tests.map(missingTest), ...rules.map(missingCheck)];
      expect(wrong.filter((reason) => reason !== null)).toEqual([]);
    });
  }

  it("is read whole: every name in back quotes is a test, a rule or a setting", () => {
    const read = LISTED.flatMap((trap) => [
      ...testsOf(trap).map(({ file }) => file),
      ...rulesOf(trap),
    ]);
    const quoted = LISTED.flatMap(({ said }) =>
      [...said.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? []),
    );
    const settings = ["nfcRequiresPinDefined", "exact", "holdAll"];
    expect(quoted.filter((name) => !settings.includes(name)).sort()).toEqual([...read].sort());
  });
});
