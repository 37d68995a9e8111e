// A code's file is there whole or not at all, whatever stops the run that writes it, and stands where one stands already.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeNew } from "./code-files.js";

/** How many bytes of a file the disk still takes; null where it takes all. */
const disk = vi.hoisted<{ room: number | null }>(() => ({ room: null }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const writeFileSync: typeof fs.writeFileSync = (file, data, options) => {
    const { room } = disk;
    if (room === null) return fs.writeFileSync(file, data, options);
    fs.writeFileSync(file, String(data).slice(0, room), options);
    throw new Error("ENOSPC: no space left on device");
  };
  return { ...fs, writeFileSync };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-codes-"));
});
afterEach(() => {
  disk.room = null;
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, "0001-4242.txt");

test("a disk that is full in the middle of a file leaves none; the same again writes it", () => {
  disk.room = 3;
  expect(() => writeNew(file(), "a whole code")).toThrow(/cannot be written: .*no space/);
  expect(readdirSync(folder)).toEqual([]);
  disk.room = null;
  writeNew(file(), "a whole code");
  expect(readFileSync(file(), "utf8")).toBe("a whole code");
  expect(readdirSync(folder)).toHaveLength(1);
});

test("what a killed run has left of a file is in nobody's way", () => {
  writeFileSync(`${file()}.part`, "a wh", { mode: 0o644 });
  writeNew(file(), "a whole code");
  expect(readdirSync(folder)).toEqual(["0001-4242.txt"]);
  expect(readFileSync(file(), "utf8")).toBe("a whole code");
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test("the same content stays, and other content is never written over", () => {
  writeNew(file(), "a whole code");
  writeNew(file(), "a whole code");
  expect(() => writeNew(file(), "another")).toThrow(/is there already with other content/);
  expect(readFileSync(file(), "utf8")).toBe("a whole code");
});
