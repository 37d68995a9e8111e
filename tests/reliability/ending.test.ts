// A doubtful commit ends the process whatever becomes of its log: one nobody reads, a full disk, a medium that hangs.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("ending.mjs", import.meta.url));
const EXIT_DOUBT = 70;
/** Of 1 kB each: far more than a pipe holds, and less. */
const LINES = 1_000;
const FEW_LINES = 40;

function start(stdout: "pipe" | number, { lines, stuckFile = [] }: Asked) {
  const args = [SCRIPT, EXIT_DOUBT, lines, ...stuckFile].map(String);
  const child = spawn(process.execPath, args, { stdio: ["ignore", stdout, "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

interface Asked {
  readonly lines: number;
  readonly stuckFile?: readonly string[];
}

test("a log that nobody reads does not hold up the end", async () => {
  const child = start("pipe", { lines: LINES });
  expect(await once(child, "exit")).toEqual([EXIT_DOUBT, null]);
});

test("a log on a full disk does not hold up the end", async () => {
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const child = start(full, { lines: LINES });
  expect(await once(child, "exit")).toEqual([EXIT_DOUBT, null]);
});

test("what is taken is all there, the fatal line last", async () => {
  const child = start("pipe", { lines: FEW_LINES });
  const printed = child.stdout ? text(child.stdout) : Promise.reject(new Error("no pipe"));
  expect(await once(child, "exit")).toEqual([EXIT_DOUBT, null]);
  const told = (await printed).trimEnd().split("\n");
  const messages: unknown[] = told.map((line) => JSON.parse(line).msg);
  expect(messages).toHaveLength(FEW_LINES + 1);
  expect(messages.at(-1)).toBe("the last line");
});

test("a medium that never answers does not hold up the end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-ending-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "never-written");
  execFileSync("mkfifo", [pipe]);
  const child = start("pipe", { lines: 1, stuckFile: [pipe] });
  const printed = child.stdout ? text(child.stdout) : Promise.reject(new Error("no pipe"));
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect(await printed).toContain("the last line");
});
