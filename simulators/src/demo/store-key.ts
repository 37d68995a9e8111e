// The demo's store key, made at its first start. It lies beside what it seals, as no real one may.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STORE_KEY_BYTES = 32;
const OWNER_ONLY_FILE = 0o600;

/** Reads the key, or makes it. 64 hex digits, as `pass-tpe serve --store-key` reads them. */
export function demoStoreKey(path: string): Uint8Array {
  if (existsSync(path)) return Buffer.from(readFileSync(path, "utf8").trim(), "hex");
  const key = randomBytes(STORE_KEY_BYTES);
  writeFileSync(path, `${key.toString("hex")}\n`, { mode: OWNER_ONLY_FILE });
  return key;
}
