// The store key of the tests: one for all, known to everybody, and in a file where a process needs it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const TEST_STORE_KEY = new Uint8Array(32).fill(0x5a);

/** Writes the tests' store key into a folder, as `--store-key` reads it. */
export function storeKeyFile(folder: string): string {
  const path = join(folder, "store.key");
  writeFileSync(path, `${Buffer.from(TEST_STORE_KEY).toString("hex")}\n`, { mode: 0o600 });
  return path;
}
