// @ts-check
// The store key of every bench: known to everybody, and in a file of the bench's folder for the processes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const STORE_KEY = new Uint8Array(32).fill(0x42);

/** @param {string} folder @returns {string} the path of the file, written anew */
export function storeKeyFile(folder) {
  const path = join(folder, "store.key");
  writeFileSync(path, `${Buffer.from(STORE_KEY).toString("hex")}\n`, { mode: 0o600 });
  return path;
}
