// Opens a data folder with the ledger in it: the ledger first, so that no two make, read or write keys at a time.

import type { Clock, Random } from "./core/ports.js";
import { type DataFolder, makeDataFolder, openDataFolder } from "./data-folder.js";
import { checkHeads } from "./heads-at-start.js";
import { ledgerKeysOf } from "./ledger-keys.js";
import { checkLog } from "./log-damage.js";
import { checkHeadsPlace } from "./sealer-heads-file.js";
import type { Driver } from "./store/driver.js";
import { assertStays } from "./store/ledger-move.js";

export interface OpenedFolder {
  readonly folder: DataFolder;
  readonly driver: Driver;
  readonly headsPath: string;
}

/**
 * Takes the ledger, then opens the keys that it is written under; both are made where nothing is. A crash between the
 * two leaves a ledger in which nothing stands, and the next start makes its keys.
 *
 * @throws DatabaseSetupError where another process holds the ledger, it is damaged or has moved, DataFolderError where the
 * keys are not its own.
 */
export async function openFolder(options: {
  readonly path: string;
  readonly storeKey: Uint8Array;
  readonly hosts: readonly string[];
  /** In the folder where it is left out. */
  readonly headsFile?: string | undefined;
  readonly makeDriver: (path: string) => Driver;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<OpenedFolder> {
  const { path, storeKey, makeDriver } = options;
  const { databasePath } = makeDataFolder(path, storeKey);
  checkLog(databasePath);
  const driver = makeDriver(databasePath);
  try {
    const { keyUse } = driver;
    const ledger = { isUsed: await keyUse.isUsed(), keys: await keyUse.ledgerKeys() };
    const folder = openDataFolder(options, ledger);
    await keyUse.keepLedgerKeys(ledgerKeysOf(folder.keys));
    // After that write, which waits for a copy that is under way.
    await assertStays(driver);
    const headsPath = options.headsFile ?? folder.headsPath;
    checkHeadsPlace(headsPath);
    const { publicKey } = folder.keys.audit;
    await checkHeads({ driver, headsPath, databasePath, publicKey });
    return { folder, driver, headsPath };
  } catch (error) {
    await driver.close();
    throw error;
  }
}
