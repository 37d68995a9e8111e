// Shows what a run says of the files that VECTORS names: vectors that hold, that do not, unknown and unreadable ones.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { publishedPaths, readVectors } from "./vector-file.js";

const folder = mkdtempSync(join(tmpdir(), "pass-tpe-vectors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const published = publishedPaths().flatMap((path) => readVectors(path));
const right = published.find(({ op }) => op === "aes_cmac");
const ROOT = new URL("../../", import.meta.url);

/** Starting vitest anew takes seconds on a busy machine. */
const RUN_TIMEOUT_MS = 120_000;

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Runs as a person does, with the files given, and no trace of the run that this is a part of. */
function runWith(...paths: string[]): Promise<{ exitCode: number | null; output: string }> {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  const env = { ...Object.fromEntries(ours), VECTORS: paths.join(delimiter), NO_COLOR: "1" };
  const args = ["node_modules/vitest/vitest.mjs", "run", "tests/vectors/vectors.test.ts"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

const lineOf = (output: string) =>
  output.split("\n").filter((line) => /^\d+ passed, \d+ failed$/.test(line));

it("a file whose vectors hold adds to those that passed", {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  const { exitCode, output } = await runWith(file("right.json", { vectors: [right] }));
  expect(lineOf(output)).toEqual([`${published.length + 1} passed, 0 failed`]);
  expect(exitCode).toBe(0);
});

it("what does not hold, is unknown or cannot be read is counted and named", {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  const wrong = { ...right, id: "a-wrong-code", expected: { cmac: "00".repeat(16) } };
  const unknown = { ...right, id: "an-unknown-one", op: "tea_leaves" };
  const { exitCode, output } = await runWith(
    file("mixed.json", { vectors: [right, wrong, unknown] }),
    file("malformed.json", '{ "vectors": ['),
    file("no-expected.json", { vectors: [right, { id: "half", op: "aes_cmac", input: {} }] }),
    join(folder, "missing.json"),
  );
  expect(lineOf(output)).toEqual([`${published.length + 1} passed, 5 failed`]);
  expect(exitCode).toBe(1);
  expect(output).toContain("aes_cmac: a-wrong-code");
  expect(output).toContain("nothing here performs the operation tea_leaves");
  expect(output).toMatch(/malformed\.json cannot be read: .*JSON/);
  expect(output).toContain("no-expected.json has no id, op, input and expected in vector 2");
  expect(output).toMatch(/missing\.json cannot be read: ENOENT/);
});
