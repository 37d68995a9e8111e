// The gateway's folder on disk: sealed keys and certificates, made at the first start, and the database where it is a file.

import { chmodSync, existsSync, mkdirSync } from "node:fs";
import type { Clock, Random } from "./core/ports.js";
import {
  createAuthority,
  endsAtMs,
  type Identity,
  issueServer,
  makeKeyPair,
} from "./crypto/authority.js";
import { drawKeys, type KeyFile } from "./crypto/key-file.js";
import type { KeyStore } from "./crypto/key-store.js";
import { softwareKeys } from "./crypto/software-keys.js";
import { DataFolderError, type FolderPaths, pathsIn, removeDurably } from "./data-folder-files.js";
import {
  checkStoreKey,
  createKeyFile,
  type FoundKeys,
  keysThatLieOpen,
  readKeyFile,
  writeKeyFile,
} from "./data-folder-keys.js";
import { type FollowedKeys, followKeys } from "./followed-keys.js";
import { checkLedgerKeys, ledgerKeysOf } from "./ledger-keys.js";
import { type KeyWords, keyWords, type LedgerPlace, ledgerPlace } from "./ledger-place.js";
import type { LedgerKeys } from "./store/key-use/driver.js";
import type { PostgresOptions } from "./store/postgres/options.js";

export { DataFolderError } from "./data-folder-files.js";

const OWNER_ONLY_FOLDER = 0o700;

/** The server's certificate is made anew when it would end sooner than this. */
const RENEW_BEFORE_MS = 60 * 24 * 3_600_000;

/** A ledger that a gateway has served, and where the heads are that it exported of it. */
export interface FoundLedger {
  readonly place: LedgerPlace;
  readonly headsPath: string;
}

/** What is kept in the folder beside the server's certificate. */
export interface Secrets {
  readonly headsPath: string;
  readonly keys: KeyStore;
}

/** {@link Secrets} of a ledger that was found. */
export interface FoundFolder extends Secrets, FoundLedger {
  readonly keysPath: string;
  readonly file: KeyFile;
}

export interface DataFolder extends Secrets {
  /** {@link Secrets.keys}, as they follow what other gateways on the same ledger rotate and retire. */
  readonly followed: FollowedKeys;
  readonly server: Identity;
  /**
   * Makes the server's certificate anew where it ends soon, beside what is served; null where it does not. The caller
   * holds the ledger, as {@link openDataFolder}'s does.
   */
  renewServer(): Promise<Identity | null>;
}

/** What a ledger says of the keys that belong to it. */
export interface LedgerState {
  /** Something was written under keys. */
  readonly isUsed: boolean;
  readonly keys: LedgerKeys | null;
  readonly words: KeyWords;
}

/** Nothing is in it yet. */
const NEW_LEDGER: LedgerState = { isUsed: false, keys: null, words: keyWords() };

interface Made {
  readonly random: Random;
  readonly nowMs: number;
  readonly isUsed: boolean;
  readonly words: KeyWords;
}

/** Makes the folder, its owner's alone, and nothing in it. @throws DataFolderError where the store key is none. */
export function makeDataFolder(path: string, storeKey: Uint8Array): FolderPaths {
  checkStoreKey(storeKey);
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  // Names and balances stand in the database in clear: nobody else on this machine reads them.
  chmodSync(path, OWNER_ONLY_FOLDER);
  return pathsIn(path);
}

/**
 * Opens the folder, and makes what is missing in it; the caller holds its ledger, so that nobody does the same
 * meanwhile. Keys that lie open, as they did before they were sealed, are sealed; the open files go once the sealed one
 * is on disk.
 *
 * @param options.hosts names and addresses that terminals call the gateway by; they go into its certificate.
 * @param options.storeKey 32 bytes, kept anywhere but in this folder.
 * @throws DataFolderError when the keys do not open under the store key, are not the ledger's, or are missing beside
 * one that is in use.
 */
export function openDataFolder(
  options: {
    readonly path: string;
    readonly hosts: readonly string[];
    readonly clock: Clock;
    readonly random: Random;
    readonly storeKey: Uint8Array;
  },
  ledger: LedgerState = NEW_LEDGER,
): DataFolder {
  const { path, hosts, clock, random, storeKey } = options;
  const paths = makeDataFolder(path, storeKey);
  const { headsPath, keysPath } = paths;
  const { isUsed, words } = ledger;
  const made = { random, nowMs: clock.nowMs(), isUsed, words };
  const found = foundKeys(paths, storeKey, made);
  const file: KeyFile = { ...found.keys, server: serverIdentity(found.keys, hosts, made) };
  const read = () => readKeyFile(keysPath, storeKey);
  const followed = followKeys({ file, read, path: keysPath, words, random });
  const { keys } = followed;
  checkLedgerKeys({ kept: ledger.keys, found: ledgerKeysOf(keys), path: keysPath, words });
  const toSeal = { path: keysPath, file, storeKey, random };
  if (found.where === "nowhere") createKeyFile(toSeal);
  else if (found.where === "open" || file.server !== found.keys.server) writeKeyFile(toSeal);
  // What is in them is in the sealed file, and that one is on disk.
  removeDurably([paths.openAuthorityPath, paths.openServerPath]);
  let { server } = file;
  const { authority } = file;
  async function renewServer(): Promise<Identity | null> {
    const nowMs = clock.nowMs();
    if (fits({ authority, server }, hosts, nowMs)) return null;
    const pair = await makeKeyPair();
    const renewed = issueServer(authority, { hosts, random, nowMs, pair });
    server = { ...renewed, hosts: [...hosts] };
    // Beside what an operator may have put there meanwhile: keys that were rotated are not written over by earlier ones.
    writeKeyFile({ ...toSeal, file: { ...read(), server } });
    return renewed;
  }
  return { headsPath, keys, followed, server, renewServer };
}

/**
 * Reads the folder of a gateway that has served before, and makes nothing in it.
 *
 * @throws DataFolderError when it is not one, or its keys do not open under the store key.
 */
export function readDataFolder(options: {
  readonly path: string;
  /** Null, or left out, where the ledger is in the folder. */
  readonly database?: PostgresOptions | null;
  readonly storeKey: Uint8Array;
  readonly random: Random;
}): FoundFolder {
  const { path, database = null, storeKey, random } = options;
  const found = findLedger(path, database);
  const { keysPath } = pathsIn(path);
  const file = readKeyFile(keysPath, storeKey);
  return { ...found, keys: softwareKeys({ file, random }), keysPath, file };
}

/**
 * Where the ledger of a gateway that has served before is; reading it needs no key.
 *
 * @param database null where the ledger is in the folder.
 * @throws DataFolderError when the folder is none of a gateway.
 */
export function findLedger(path: string, database: PostgresOptions | null = null): FoundLedger {
  const { databasePath, keysPath, headsPath } = pathsIn(path);
  for (const needed of database === null ? [databasePath, keysPath] : [keysPath]) {
    if (existsSync(needed)) continue;
    throw new DataFolderError(
      `${needed} is missing: name the --data folder of a gateway that has served at least once`,
    );
  }
  return { place: ledgerPlace(path, database), headsPath };
}

function foundKeys(
  paths: FolderPaths,
  storeKey: Uint8Array,
  made: Made,
): { readonly keys: FoundKeys; readonly where: "sealed" | "open" | "nowhere" } {
  const { keysPath } = paths;
  const open = keysThatLieOpen(paths, made);
  if (open) return { keys: open, where: "open" };
  if (existsSync(keysPath)) return { keys: readKeyFile(keysPath, storeKey), where: "sealed" };
  if (made.isUsed) {
    const { ledger, keysFrom } = made.words;
    throw new DataFolderError(
      `${keysPath} is missing, and ${ledger} was written under it: without it no card is known. Restore it from ${keysFrom}`,
    );
  }
  const keys = { ...drawKeys(made.random), authority: createAuthority(made), server: null };
  return { keys, where: "nowhere" };
}

/** The server's certificate: made anew when it is asked to stand for other names, or ends soon. */
function serverIdentity(
  { authority, server }: FoundKeys,
  hosts: readonly string[],
  made: Made,
): KeyFile["server"] {
  if (server && fits({ authority, server }, hosts, made.nowMs)) return server;
  return { ...issueServer(authority, { ...made, hosts }), hosts: [...hosts] };
}

/** None outlives the authority: one that ends with it is the best there is. */
function fits(
  { authority, server }: Pick<KeyFile, "authority" | "server">,
  hosts: readonly string[],
  nowMs: number,
): boolean {
  const ends = endsAtMs(server.certificate);
  const lasts = ends - nowMs > RENEW_BEFORE_MS || ends >= endsAtMs(authority.certificate);
  return JSON.stringify(server.hosts) === JSON.stringify(hosts) && lasts;
}
