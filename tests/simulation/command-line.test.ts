// `npm run simulate` as it is typed: its help, what it refuses, its JSON and its exit codes.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { drawPlan } from "../../simulators/src/days/draw-plan.js";

const MAIN = fileURLToPath(new URL("../../simulators/dist/days/main.js", import.meta.url));
const TIMEOUT_MS = 120_000;

const simulate = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });

it("tells its options", () => {
  const { status, stdout } = simulate("--help");
  expect(status).toBe(0);
  for (const option of ["--seeds", "--from", "--jobs", "--store", "--plan", "--trace", "--json"]) {
    expect(stdout).toContain(option);
  }
});

it.each([
  [["--seeds", "none"], "--seeds must be a whole number from 1"],
  [["--store", "tape"], "--store must be memory or sqlite, not tape"],
  [["--trace"], "--trace is of one day"],
  [["--plan", "/nowhere.json"], "the plan /nowhere.json cannot be read"],
  [["--speed", "9"], "--speed"],
])("refuses %j", (args, words) => {
  const { status, stdout, stderr } = simulate(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(words);
  expect(stderr).toContain("--help");
});

it(
  "plays seeds on several threads and prints one object",
  () => {
    const { status, stdout } = simulate("--seeds", "4", "--from", "7", "--jobs", "2", "--json");
    const told = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(told).toMatchObject({ seeds: 4, from: 7, violations: [], jobs: 2, store: "memory" });
    expect(told.figures.sales.approved).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it(
  "plays the plan of a report, on a database too",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "pass-tpe-plan-"));
    try {
      const file = join(folder, "plan.json");
      writeFileSync(file, JSON.stringify(drawPlan(2)));
      const { status, stdout } = simulate("--plan", file, "--store", "sqlite", "--json");
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ seeds: 1, from: 2, store: "sqlite" });
      writeFileSync(file, "{}");
      expect(simulate("--plan", file).stderr).toContain("is no plan");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  TIMEOUT_MS,
);
