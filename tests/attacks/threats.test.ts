// docs/THREATS.md names tests that exist, says of every threat how it is shown, and has every attack of the list.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingTest, type TestRef } from "../rules/support/named-tests.js";

const DOCUMENT = readFileSync(new URL("../../docs/THREATS.md", import.meta.url), "utf8");

/** The attacks that must fail, or be bounded. */
const ATTACKS = [
  "same message twice",
  "same message in parallel",
  "same message after a decline",
  "same message with another amount",
  "counter rolled back",
  "counter gap (accepted)",
  "MAC cut",
  "MAC flipped",
  "message of another card",
  "cloned static UID",
  "PIN brute force over many terminals in parallel",
  "photographed printed QR",
  "app QR expired",
  "app QR reused",
  "app QR copied",
  "PIN block replayed",
  "PIN block moved to another card",
  "KSN reused",
  "KSN rolled back",
  "terminal revoked",
  "terminal unknown",
  "terminal of another point of sale",
  "terminal clock a day off",
  "lost reply then retry",
  "card number enumeration",
  "oversized NDEF",
  "cut NDEF",
  "card removed at every point of the read",
];

const testsIn = (text: string): readonly TestRef[] =>
  [...text.matchAll(/`([^`]+\.ts)` "([^"]+)"/g)].flatMap(([, file, test]) =>
    file === undefined || test === undefined ? [] : [{ file, test }],
  );

const LINES = DOCUMENT.split("\n");
const THREATS = LINES.flatMap((line) => {
  const [, name, said] = /^- \*\*([^*]+)\*\*(.+)$/.exec(line) ?? [];
  return name === undefined || said === undefined ? [] : [{ name, said }];
});
const ROWS = LINES.flatMap((line) => {
  const [, attack, tests] = /^\| ([^|`]+?) +\| (`.+`.+) \|$/.exec(line) ?? [];
  return attack === undefined || tests === undefined ? [] : [{ attack, tests }];
});

describe("the list of threats", () => {
  it("is read whole", () => {
    expect(THREATS).toHaveLength(LINES.filter((line) => line.startsWith("- ")).length);
    const quoted = [...DOCUMENT.matchAll(/`[^`]+\.ts` "/g)];
    expect(testsIn(DOCUMENT)).toHaveLength(quoted.length);
  });

  it.each(THREATS)("$name has a test that exists, or says why it has none", ({ said }) => {
    const tests = testsIn(said);
    expect(tests.length > 0).not.toBe(said.includes("No test: "));
    expect(tests.map(missingTest).filter((reason) => reason !== null)).toEqual([]);
  });
});

describe("the table of attacks", () => {
  it("has a row for each that is listed", () => {
    const rows = ROWS.map(({ attack }) => attack);
    expect(ATTACKS.filter((attack) => !rows.includes(attack))).toEqual([]);
  });

  it.each(ROWS)("$attack has tests that exist, one of them over mutual TLS", ({ tests }) => {
    const named = testsIn(tests);
    expect(named.map(({ file }) => file.startsWith("tests/attacks/"))).toContain(true);
    expect(named.map(missingTest).filter((reason) => reason !== null)).toEqual([]);
  });
});
