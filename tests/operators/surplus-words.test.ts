// A word too many on the command line is never dropped: an amount that was meant as an option would go unheard.

import { expect, test, vi } from "vitest";
import { run } from "./command-line.js";

/** Processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

test.each([
  [["terminal", "refund", "T-1", "019ad0f0-0000-7000-8000-000000000001"]],
  [["settlement", "list"]],
  [["settlement", "show", "2023-03-05"]],
  [["settle"]],
  [["statement", "P-1"]],
  [["alerts"]],
  [["agent", "issue"]],
  [["check-programme", "none.json"]],
  [["load", "none.ndjson"]],
  [["serve"]],
  [["verify"]],
  [["replay"]],
])("%j: what stands behind it is refused by name, before anything is done", async (args) => {
  const { code, stdout, stderr } = await run([...args, "500"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^pass-tpe: .*\b500\b/);
});
