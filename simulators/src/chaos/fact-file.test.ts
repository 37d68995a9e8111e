// What a killed process wrote is read up to its last whole line, and what it was writing spoils nothing after it.

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mergedFacts, openFactFile, readFactFile } from "./fact-file.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-facts-"));
  path = join(folder, "facts.ndjson");
});

afterEach(() => rmSync(folder, { recursive: true }));

const started = { type: "terminalStarted", terminal: "T" } as const;
const acknowledged = { type: "acknowledged", sale: { terminal: "T", id: "1" } } as const;

test("what was told is read in its order, over several lives", () => {
  for (let life = 0; life < 2; life += 1) {
    const file = openFactFile(path);
    file.tell(started);
    file.tell(acknowledged);
    file.close();
  }
  const types = readFactFile(path).map(({ type }) => type);
  expect(types).toEqual(["terminalStarted", "acknowledged", "terminalStarted", "acknowledged"]);
});

test("a line that was cut off is left out, at the end and before the next life", () => {
  const first = openFactFile(path);
  first.tell(started);
  first.close();
  appendFileSync(path, '{"atMs":1,"type":"acknow');
  expect(readFactFile(path).map(({ type }) => type)).toEqual(["terminalStarted"]);
  const second = openFactFile(path);
  second.tell(started);
  second.tell(acknowledged);
  second.close();
  const types = readFactFile(path).map(({ type }) => type);
  expect(types).toEqual(["terminalStarted", "terminalStarted", "acknowledged"]);
});

test("a line that was damaged otherwise is an error: a fact would be missing in silence", () => {
  const lines = [{ atMs: 1, ...started }, "no fact", { atMs: 2, ...acknowledged }];
  writeFileSync(path, lines.map((one) => `${JSON.stringify(one).slice(0, -1)}}\n`).join(""));
  expect(() => readFactFile(path)).toThrow("line 2 is no fact");
});

test("several files are merged by instant, and one file keeps its own order", () => {
  const facts = (...instants: readonly number[]) =>
    instants.map((atMs, place) => ({ atMs, type: "terminalDied", terminal: `${place}` }) as const);
  const merged = mergedFacts([facts(1, 5, 5), facts(2, 5)]);
  expect(merged.map(({ atMs }) => atMs)).toEqual([1, 2, 5, 5, 5]);
});
