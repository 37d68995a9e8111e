// @ts-check
// `npm test`: system packages, set-up, static checks, tests, and a last line of counts.
// `npm test -- <what vitest takes>` runs those tests only, without the static checks.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, run, StepError, seconds } from "./command.mjs";
import { countLine, countTests } from "./counts.mjs";
import { hasPcscModule } from "./packages.mjs";
import { checkNode, setUp } from "./setup.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

/** @typedef {import("./counts.mjs").Counts} Counts */

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const CHECKS = [
  { title: "format and lint", command: "node", args: [BIOME, "check", "--error-on-warnings", "."] },
  { title: "types", command: "node", args: ["node_modules/typescript/bin/tsc", "-p", "tests"] },
  { title: "imports run downwards", command: "npm", args: ["run", "--silent", "boundaries"] },
];
const isCi = process.env["CI"] === "true" || process.env["CI"] === "1";

/** @returns {Promise<Set<string>>} the suites that cannot run here */
async function prepare() {
  checkNode();
  /** @type {Set<string>} */
  const unavailable = await ensureSystemPackages();
  await setUp({ withPcsc: !unavailable.has("pcsc") });
  if (!unavailable.has("pcsc") && !(await hasPcscModule())) {
    unavailable.add("pcsc");
    console.log(
      "nfc-pcsc has no native part: suite pcsc is skipped; `npm rebuild @pokusew/pcsclite` shows why",
    );
  }
  return unavailable;
}

/** @returns {Promise<Counts>} one for each static check */
async function runChecks() {
  /** @type {Counts} */
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const check of CHECKS) {
    const { ok, output, elapsedMs } = await run(check);
    console.log(`${check.title}: ${ok ? "passed" : "FAILED"} in ${seconds(elapsedMs)}`);
    if (ok) counts.passed += 1;
    else {
      counts.failed.push(check.title);
      console.log(output);
    }
  }
  return counts;
}

/**
 * @param {{ args: readonly string[], unavailable: Set<string> }} options
 * @returns {Promise<Counts>}
 */
async function runTests({ args, unavailable }) {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-test-"));
  const file = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const exitedWithZero = await new Promise((resolve) => {
    spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...args], {
      cwd: ROOT,
      env: { ...process.env, PASS_TPE_SKIP_SUITES: [...unavailable].join(",") },
      stdio: "inherit",
    }).on("close", (code) => resolve(code === 0));
  });
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  rmSync(folder, { recursive: true });
  return countTests(report, { exitedWithZero });
}

/** @param {readonly string[]} args for vitest @returns {Promise<Counts>} */
async function main(args) {
  const unavailable = await prepare();
  const checks = args.length === 0 ? await runChecks() : { passed: 0, failed: [], skipped: [] };
  const tests = await runTests({ args, unavailable });
  const failed = [...checks.failed, ...tests.failed];
  if (!isCi) return { passed: checks.passed + tests.passed, failed, skipped: tests.skipped };
  failed.push(...tests.skipped.map((name) => `${name} (skipped, which CI does not allow)`));
  failed.push(
    ...[...unavailable].map(
      (suite) => `what suite ${suite} needs is missing (see the first lines)`,
    ),
  );
  return { passed: checks.passed + tests.passed, failed, skipped: [] };
}

const counts = await main(process.argv.slice(2)).catch((error) => {
  console.log(error instanceof StepError ? error.message : error);
  return { passed: 0, failed: ["set-up"], skipped: [] };
});
for (const name of counts.failed) console.log(`FAILED: ${name}`);
for (const name of counts.skipped) console.log(`skipped: ${name}`);
console.log(countLine(counts));
process.exitCode = counts.failed.length > 0 ? 1 : 0;
