// The copy bench works end to end on a small ledger, and tells where two sides are not the same.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeSystem } from "../support/suites.js";

interface SidesModule {
  differences(name: string, first: object, other: object): string[];
}
const { differences }: SidesModule = await import(new URL("copy/sides.mjs", import.meta.url).href);

const BENCH = fileURLToPath(new URL("copy.mjs", import.meta.url));

const side = { balances: "ab", lastLink: { no: 1, hash: "cd" }, replayed: ["one", "two"] };

test("equal sides are no finding, however long they were verified", () => {
  const first = { ...side, verifySeconds: 1 };
  expect(differences("there", first, { ...side, verifySeconds: 2 })).toEqual([]);
});

test("a balance, a link and an answer that differ are findings", () => {
  const other = { balances: "ac", lastLink: { no: 1, hash: "ce" }, replayed: ["one", "three"] };
  expect(differences("there", side, other)).toEqual([
    "there differs in balances",
    "there differs in lastLink",
    "there differs in replayed: two is three",
  ]);
});

describeSystem("postgres")("npm run bench:copy", () => {
  test("moves a ledger both ways and finds it the same", { timeout: 120_000 }, async () => {
    const words = ["--sales", "60", "--repeats", "60", "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, ...words]);
    const { there, back, checked, findings } = JSON.parse(stdout);
    expect(findings).toEqual([]);
    expect(there.rows).toBe(back.rows);
    expect(checked).toMatchObject({ repeated: 60, verified: { attempts: 60, faults: [] } });
  });
});
