// A folder for one test file, gone when the file is done.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes a folder and returns what names fresh files in it. Call it at the top of a test file. */
export function tempFiles(): (name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-"));
  let count = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name = "gateway.db") => {
    count += 1;
    return join(folder, `${count}-${name}`);
  };
}
