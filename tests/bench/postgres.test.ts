// A quick run of the bench on PostgreSQL: it measures every part, and its ledger holds what was answered.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeSystem } from "../support/suites.js";

const BENCH = fileURLToPath(new URL("postgres/main.mjs", import.meta.url));

describeSystem("postgres")("the bench on PostgreSQL", () => {
  it("measures every part of a quick run, and finds in the ledger what was answered", {
    timeout: 240_000,
  }, async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      BENCH,
      "--quick",
      "--json",
    ]);
    const { runs, targets } = JSON.parse(stdout);
    expect(
      runs.map(({ name, connections }: Record<string, unknown>) => [name, connections]),
    ).toEqual([
      ["pgbench", 8],
      ["authorize", 8],
      ["pgbench", 32],
      ["authorize", 32],
      ["hot-merchant", 32],
      ["two-gateways", 32],
    ]);
    for (const { perSecond } of runs) expect(perSecond).toBeGreaterThan(0);
    for (const { measured } of targets) expect(measured).toBeGreaterThan(0);
    expect(stderr).toContain("the ledger agrees");
  });
});
