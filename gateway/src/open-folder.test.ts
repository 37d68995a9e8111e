// A folder is opened by one at a time, and under the keys that its ledger was written under.

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TEST_STORE_KEY } from "../../tests/support/store-key.js";
import { tempFiles } from "../../tests/support/temp-folder.js";
import { retire, rotate } from "./crypto/rotation.js";
import { DataFolderError, openDataFolder, readDataFolder } from "./data-folder.js";
import { writeKeyFile } from "./data-folder-keys.js";
import { ledgerPlace } from "./ledger-place.js";
import { systemClock, systemRandom } from "./main.js";
import { openFolder } from "./open-folder.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

const newFile = tempFiles();
const keysIn = (path: string) => join(path, "keys.json");

function open(path: string, random = systemRandom) {
  const hosts = ["localhost"];
  const options = { path, hosts, storeKey: TEST_STORE_KEY, clock: systemClock, random };
  return openFolder({ ...options, place: ledgerPlace(path, null) });
}

/** Starts once and stops. */
async function served(path: string): Promise<string> {
  const { driver } = await open(path);
  await driver.keepProgramme({ hash: "0".repeat(64), json: "{}" });
  await driver.close();
  return path;
}

/** Rotates as the command does, but for what the ledger keeps of it. */
function rotated(path: string): void {
  const { file } = readDataFolder({ path, storeKey: TEST_STORE_KEY, random: systemRandom });
  const result = rotate(file, "cards", systemRandom);
  if (result.type !== "done") throw new Error(result.detail);
  put(path, result.keys);
}

function put(path: string, file: ReturnType<typeof readDataFolder>["file"]): void {
  writeKeyFile({ path: keysIn(path), file, storeKey: TEST_STORE_KEY, random: systemRandom });
}

it("keeps out a second first start before it draws a key", async () => {
  const path = newFile("gateway");
  let second: Promise<unknown> | null = null;
  const meanwhile = {
    bytes(count: number) {
      second ??= open(path).catch((error: unknown) => error);
      return systemRandom.bytes(count);
    },
  };
  const { driver, folder } = await open(path, meanwhile);
  expect(String(await second)).toContain("held by another process");
  const onDisk = readDataFolder({ path, storeKey: TEST_STORE_KEY, random: systemRandom });
  expect(onDisk.keys.authority.certificate).toBe(folder.keys.authority.certificate);
  await driver.close();
});

it("makes the keys of a ledger that a crash left empty", async () => {
  const path = newFile("gateway");
  const failing = {
    bytes(): Uint8Array {
      throw new Error("the power fails");
    },
  };
  await expect(open(path, failing)).rejects.toThrow("the power fails");
  expect([existsSync(join(path, "gateway.db")), existsSync(keysIn(path))]).toEqual([true, false]);
  await served(path);
});

it("makes no keys for a ledger that has lost its own", async () => {
  const path = await served(newFile("gateway"));
  rmSync(keysIn(path));
  await expect(open(path)).rejects.toThrow(/keys\.json is missing.*Restore it/);
  expect(existsSync(keysIn(path))).toBe(false);
});

it("refuses the keys of another gateway, and leaves them as they are", async () => {
  const [path, other] = [await served(newFile("one")), await served(newFile("other"))];
  cpSync(keysIn(other), keysIn(path));
  await expect(open(path)).rejects.toThrow(DataFolderError);
  await expect(open(path)).rejects.toThrow(/other keys than the database.*Restore/);
  expect(readFileSync(keysIn(path))).toEqual(readFileSync(keysIn(other)));
});

it("refuses a backup of before a rotation that was seen, and takes one that was cut short", async () => {
  const path = await served(newFile("gateway"));
  const backup = readFileSync(keysIn(path));
  rotated(path);
  // The ledger has not heard of it: a crash came between.
  await served(path);
  const newest = readFileSync(keysIn(path));
  writeFileSync(keysIn(path), backup);
  await expect(open(path)).rejects.toThrow(/older than the database.*lacks cards 2\. Restore/);
  writeFileSync(keysIn(path), newest);
  await served(path);
});

it("refuses a backup of before a retirement, under which a lost key would count again", async () => {
  const path = await served(newFile("gateway"));
  rotated(path);
  await served(path);
  const { file } = readDataFolder({ path, storeKey: TEST_STORE_KEY, random: systemRandom });
  const result = retire(file, "cards", { version: 1, pinsUnder: 0 });
  if (result.type !== "done") throw new Error(result.detail);
  put(path, result.keys);
  await served(path);
  put(path, file);
  await expect(open(path)).rejects.toThrow(/still accepts cards 1, which is retired/);
});

it("keeps what a ledger of an earlier version is written under at its next start", async () => {
  const path = newFile("gateway");
  // Its keys are there, and it keeps nothing of them.
  const options = { path, hosts: ["localhost"], clock: systemClock, storeKey: TEST_STORE_KEY };
  openDataFolder({ ...options, random: systemRandom });
  const databasePath = join(path, "gateway.db");
  const before = sqliteDriver(databasePath);
  await before.keepProgramme({ hash: "0".repeat(64), json: "{}" });
  expect(await before.keyUse.ledgerKeys()).toBeNull();
  await before.close();
  await served(path);
  const driver = sqliteDriver(databasePath);
  const { checkValue, versions } = (await driver.keyUse.ledgerKeys()) ?? {};
  expect(checkValue).toHaveLength(32);
  expect(versions).toEqual({ cards: [1], pinBase: [1], pepper: [1], qr: [1] });
  await driver.close();
});
