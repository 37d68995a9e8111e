// What is read of a file in a real folder: all of it, however long it is.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { nodeFolder } from "./folder.js";

it.each([0, 1, 200, 2_047, 2_048, 2_049, 10_000])(
  "reads a file of %i bytes whole",
  async (size) => {
    const path = join(temporaryFolder(), "lock");
    // Letters of two bytes, and one of one byte where the size is odd.
    const text = "é".repeat(Math.floor(size / 2)) + "x".repeat(size % 2);
    writeFileSync(path, text);
    expect(await nodeFolder.read(path)).toBe(text);
  },
);

it("reads none where there is none", async () => {
  expect(await nodeFolder.read(join(temporaryFolder(), "lock"))).toBeNull();
});
