// What a disk does that is nearly full: it takes a part of a write, and says so only by a number.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { writeAt } from "./files.js";

const TAKEN_BYTES = 4;

test("a write that the disk takes a part of goes on with the rest", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  const handles = await prototypeOfHandles(path);
  const short = vi.spyOn(handles, "write");
  onTestFinished(() => short.mockRestore());
  short.mockImplementationOnce(async (data) => {
    writeFileSync(path, Buffer.from(data).subarray(0, TAKEN_BYTES));
    return { bytesWritten: TAKEN_BYTES, buffer: data };
  });
  await writeAt(path, Buffer.from("0123456789"), 0);
  expect(short).toHaveBeenCalledTimes(2);
  expect(readFileSync(path, "utf8")).toBe("0123456789");
});

async function prototypeOfHandles(path: string): Promise<FileHandle> {
  const file = await open(path, "w");
  await file.close();
  return Object.getPrototypeOf(file);
}
