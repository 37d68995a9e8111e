// The demo's store key: made once, for its owner's eyes, and the same at the next start.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoStoreKey } from "./store-key.js";

test("is made once, and read again", () => {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-demo-key-"));
  const path = join(folder, "store.key");
  const key = demoStoreKey(path);
  expect(key.byteLength).toBe(32);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(demoStoreKey(path)).toEqual(key);
  rmSync(folder, { recursive: true });
});
