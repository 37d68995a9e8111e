// The gateway's folder on disk: keys and certificates made at the first start with owner-only rights, and the database.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Random } from "./core/ports.js";
import { createAuthority, type Identity, issueServer } from "./crypto/authority.js";
import { generateKeyFile, type KeyRing, keyRingOf } from "./crypto/keys.js";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

export interface DataFolder {
  readonly databasePath: string;
  readonly keys: KeyRing;
  readonly authority: Identity;
  readonly server: Identity;
}

/**
 * Opens the folder, and makes what is missing in it.
 *
 * @param hosts names and addresses that terminals call the gateway by; they go into its certificate.
 */
export function openDataFolder(options: {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}): DataFolder {
  const { path, hosts, clock, random } = options;
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const made = { random, nowMs: clock.nowMs() };
  const authority = keptJson<Identity>(join(path, "authority.json"), () => createAuthority(made));
  const server = keptJson<Identity>(join(path, "server.json"), () =>
    issueServer(authority, { ...made, hosts }),
  );
  const keys = keptJson(join(path, "keys.json"), () => generateKeyFile(random));
  return { databasePath: join(path, "gateway.db"), keys: keyRingOf(keys), authority, server };
}

/** Reads a JSON file that this program wrote, or makes and writes it once. */
function keptJson<T>(path: string, make: () => T): T {
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  const made = make();
  writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`, { mode: OWNER_ONLY_FILE, flag: "wx" });
  return made;
}
