// Tests of the lock that keeps a second terminal from a journal.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Journal } from "./client/journal.js";
import { FileInUseError, lockFile } from "./file-lock.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-lock-"));
  path = join(folder, "journal");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a second lock is refused until the first is given back", async () => {
  const release = await lockFile(path);
  await expect(lockFile(path)).rejects.toThrow(FileInUseError);
  await release();
  const releaseAgain = await lockFile(path);
  await releaseAgain();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a lock whose process has died is taken over", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  writeFileSync(`${path}.lock`, String(child.pid));
  const release = await lockFile(path);
  expect(readFileSync(`${path}.lock`, "utf8")).toBe(String(process.pid));
  await release();
});

test("a lock of another living process is respected, and named", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  writeFileSync(`${path}.lock`, String(child.pid));
  await expect(lockFile(path)).rejects.toThrow(String(child.pid));
  child.kill();
  await once(child, "exit");
});

test("a journal that another terminal has open cannot be opened, so that its sale in flight is not reversed", async () => {
  const journal = await Journal.open({ path });
  await expect(Journal.open({ path })).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
  await journal.close();
  const again = await Journal.open({ path });
  await again.close();
});
