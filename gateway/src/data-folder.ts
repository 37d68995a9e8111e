// The gateway's folder on disk: keys and certificates made at the first start with owner-only rights, and the database.

import { X509Certificate } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Clock, Random } from "./core/ports.js";
import { type AuditKey, auditKeyOf, drawAuditSeed } from "./crypto/audit-key.js";
import { createAuthority, type Identity, issueServer } from "./crypto/authority.js";
import { generateKeyFile, type KeyRing, keyFileOf, keyRingOf } from "./crypto/keys.js";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** The server's certificate is made anew at a start when it would end sooner than this. */
const RENEW_BEFORE_MS = 60 * 24 * 3_600_000;

/** What is kept in the folder beside the server's certificate: enough to read the ledger and to issue certificates. */
export interface Secrets {
  readonly databasePath: string;
  readonly keys: KeyRing;
  /** Null in a folder of before the chain, on which no gateway has started since. */
  readonly auditKey: AuditKey | null;
  readonly authority: Identity;
  /** Where signed heads are, unless the gateway was told another place. */
  readonly headsPath: string;
}

export interface DataFolder extends Secrets {
  readonly auditKey: AuditKey;
  readonly server: Identity;
}

/** The folder cannot be used as it is. Who must act: the operator; the message says what to do. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
}

interface ServerIdentity extends Identity {
  readonly hosts: readonly string[];
}

/**
 * Opens the folder, and makes what is missing in it.
 *
 * @param hosts names and addresses that terminals call the gateway by; they go into its certificate.
 * @throws DataFolderError when a database is there without the keys that it was written under.
 */
export function openDataFolder(options: {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}): DataFolder {
  const { path, hosts, clock, random } = options;
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  // Names and balances stand in the database in clear: nobody else on this machine reads them.
  chmodSync(path, OWNER_ONLY_FOLDER);
  const { databasePath, keysPath, authorityPath, headsPath } = pathsIn(path);
  if (existsSync(databasePath) && !existsSync(keysPath)) {
    throw new DataFolderError(
      `${keysPath} is missing, and ${databasePath} was written under it: without it no card is known. Restore it from its backup`,
    );
  }
  const made = { random, nowMs: clock.nowMs() };
  const authority: Identity = kept(authorityPath, () => createAuthority(made));
  const server = serverIdentity({ path: join(path, "server.json"), authority, hosts, made });
  return { databasePath, ...keptKeys(keysPath, random), authority, headsPath, server };
}

/**
 * Reads the folder of a gateway that has served before, and makes nothing in it.
 *
 * @throws DataFolderError when it is not one.
 */
export function readDataFolder(path: string): Secrets {
  const { databasePath, keysPath, authorityPath, headsPath } = pathsIn(path);
  for (const needed of [databasePath, keysPath, authorityPath]) {
    if (existsSync(needed)) continue;
    throw new DataFolderError(
      `${needed} is missing: name the --data folder of a gateway that has served at least once`,
    );
  }
  const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
  const keyFile = keyFileOf(read(keysPath));
  const { auditSeed } = keyFile;
  return {
    databasePath,
    keys: keyRingOf(keyFile),
    auditKey: auditSeed === undefined ? null : auditKeyOf(auditSeed),
    authority: read(authorityPath),
    headsPath,
  };
}

function pathsIn(path: string) {
  return {
    databasePath: join(path, "gateway.db"),
    keysPath: join(path, "keys.json"),
    authorityPath: join(path, "authority.json"),
    headsPath: join(path, "heads.ndjson"),
  };
}

/** The keys: made once, and the audit key apart from the others; a folder of before the chain gets it now. */
function keptKeys(path: string, random: Random): Pick<DataFolder, "keys" | "auditKey"> {
  const file = keyFileOf(kept(path, () => generateKeyFile(random)));
  const { auditSeed = drawAuditSeed(random) } = file;
  if (file.auditSeed === undefined) writeDurably(path, { ...file, auditSeed });
  return { keys: keyRingOf(file), auditKey: auditKeyOf(auditSeed) };
}

/** The server's certificate: made anew when it is asked to stand for other names, or ends soon. */
function serverIdentity(input: {
  readonly path: string;
  readonly authority: Identity;
  readonly hosts: readonly string[];
  readonly made: { readonly random: Random; readonly nowMs: number };
}): Identity {
  const { path, authority, hosts, made } = input;
  const make = (): ServerIdentity => ({ ...issueServer(authority, { ...made, hosts }), hosts });
  const server = kept(path, make);
  const endsAtMs = Date.parse(new X509Certificate(server.certificate).validTo);
  const fits = JSON.stringify(server.hosts) === JSON.stringify(hosts);
  if (fits && endsAtMs - made.nowMs > RENEW_BEFORE_MS) return server;
  const renewed = make();
  writeDurably(path, renewed);
  return renewed;
}

/** Reads a JSON file that this program wrote, or makes and writes it once. */
function kept<T>(path: string, make: () => T): T {
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  const made = make();
  writeDurably(path, made);
  return made;
}

/** All of it or nothing, and on disk before anything is stored under it. */
function writeDurably(path: string, content: unknown): void {
  const besides = `${path}.new`;
  const file = openSync(besides, "w", OWNER_ONLY_FILE);
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(besides, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
