// `npm start -- --once` as a newcomer meets it: three sales on a screen, exit 0, nothing of theirs removed.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const DEMO = fileURLToPath(new URL("../../simulators/dist/demo/main.js", import.meta.url));
const run = promisify(execFile);
const demo = (...args: string[]) => run(process.execPath, [DEMO, ...args]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-demo-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("shows one NFC sale, one QR sale with PIN and one refusal, and reads their figures back", async () => {
  const { stdout, stderr } = await demo("--once", "--data", folder);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/ACCEPTE +│\n.*18,00 EUR/);
  expect(stdout).toMatch(/\[pavé\].*● ● ● ●[\s\S]*ACCEPTE PARTIEL 15,00 EUR/);
  expect(stdout).toMatch(/SOLDE DE PLACES INSUFFISANT +│\n.*RESTE 5 PLACES/);
  expect(stdout).toContain("approved, APPROVED_PARTIAL, débité 1500 c, à encaisser 500 c");
  expect(stdout).toContain("décisions refaites 3, écritures 2, écarts 0");
});

test("runs again on the same folder, and keeps a folder that was named", async () => {
  await demo("--once", "--data", folder);
  const { stdout } = await demo("--once", "--data", folder);
  expect(stdout).toContain("décisions refaites 6, écritures 4, écarts 0");
  expect(existsSync(join(folder, "gateway", "gateway.db"))).toBe(true);
});

test("ends with 1 and says what to do when it cannot start", async () => {
  const failed = demo("--once", "--data", folder, "--port", "99999");
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not a port: 99999"),
  });
});
