// Opens a data folder and its ledger: the ledger first, so that no two make, read or write the folder's keys at a time.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Random } from "./core/ports.js";
import { type DataFolder, DataFolderError, makeDataFolder, openDataFolder } from "./data-folder.js";
import { pathsIn } from "./data-folder-files.js";
import { checkHeads } from "./heads-at-start.js";
import { keepKeys } from "./ledger-keys.js";
import { keyWords, type LedgerPlace, nameOf, openLedger } from "./ledger-place.js";
import { checkHeadsPlace } from "./sealer-heads-file.js";
import type { HeadRow } from "./store/chain/driver.js";
import type { Driver } from "./store/driver.js";
import { assertStays } from "./store/ledger-move.js";
import { holdFile } from "./store/sqlite/hold-file.js";
import { checkWentBack } from "./went-back.js";

export interface OpenedFolder {
  readonly folder: DataFolder;
  readonly driver: Driver;
  readonly headsPath: string;
  /** The highest of the last heads in that file which the chain has. */
  readonly exported: HeadRow | null;
}

/**
 * Takes the ledger, then opens the keys that it is written under; both are made where nothing is. A crash between the
 * two leaves a ledger in which nothing stands, and the next start makes its keys.
 *
 * @throws DatabaseSetupError where another process holds the folder, or the ledger cannot be used, is damaged or has moved,
 * DataFolderError where the keys are not its own.
 */
export async function openFolder(options: {
  readonly path: string;
  readonly storeKey: Uint8Array;
  readonly hosts: readonly string[];
  /** In the folder where it is left out. */
  readonly headsFile?: string | undefined;
  readonly place: LedgerPlace;
  /** The operator says that a new ledger begins in an empty database, under keys that are there already. */
  readonly beginsLedger?: boolean | undefined;
  /** Opens a ledger that is a file in its own way. */
  readonly makeDriver?: ((path: string) => Driver) | undefined;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<OpenedFolder> {
  const { path, storeKey, place, makeDriver } = options;
  const { keysPath } = makeDataFolder(path, storeKey);
  const driver = await openHeld(path, place, makeDriver);
  try {
    const { keyUse } = driver;
    const isUsed = await keyUse.isUsed();
    if (place.kind === "postgres" && !isUsed) {
      refuseFork(path, place);
      if (options.beginsLedger !== true) refuseOtherLedgers(keysPath, place);
    }
    const words = keyWords(place);
    const folder = openDataFolder(options, { isUsed, keys: await keyUse.ledgerKeys(), words });
    await keepKeys(driver, { keys: folder.keys, keysPath, place });
    // After that write, which waits for a copy that is under way.
    await assertStays(driver);
    const headsPath = options.headsFile ?? folder.headsPath;
    checkHeadsPlace(headsPath);
    const { publicKey } = folder.keys.audit;
    await checkWentBack(driver, path, place);
    const exported = await checkHeads({ driver, headsPath, place, publicKey });
    return { folder, driver, headsPath, exported };
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/**
 * Opens a ledger for whoever writes the keys of its folder: nobody else does until the driver is closed. Who holds a
 * file holds its folder with it; beside a database the folder is held by a file of its own.
 *
 * @throws DatabaseSetupError where another process holds the folder, or the ledger cannot be used.
 */
export async function openHeld(
  path: string,
  place: LedgerPlace,
  makeDriver?: (path: string) => Driver,
): Promise<Driver> {
  if (place.kind === "sqlite") return openLedger(place, makeDriver);
  const letGo = holdFile(join(path, "gateway.lock"));
  try {
    const driver = await openLedger(place);
    return {
      ...driver,
      async close() {
        await driver.close();
        letGo();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** @throws DataFolderError where the folder's ledger was a file until now: what stands in it would be begun anew. */
function refuseFork(path: string, place: LedgerPlace): void {
  const { databasePath } = pathsIn(path);
  if (!existsSync(databasePath)) return;
  throw new DataFolderError(
    `${databasePath} is the ledger of this folder, and ${nameOf(place)} is empty. Operator: move it there with pass-tpe copy to-database, or start without DATABASE_URL and --database; or, where nothing in the file is needed any more, with a folder that has its keys.json alone and with --new-ledger`,
  );
}

/** @throws DataFolderError where the folder's keys are of a ledger that is not this one: an empty one is none's. */
function refuseOtherLedgers(keysPath: string, place: LedgerPlace): void {
  if (!existsSync(keysPath)) return;
  throw new DataFolderError(
    `${keysPath} holds the keys of a ledger, and ${nameOf(place)} is empty: no till and no card is known in it. Operator: check the name in DATABASE_URL or --database; where a new ledger begins there under these keys, start this once with --new-ledger`,
  );
}
