// @ts-check
// A gateway in this process without a listener, on a data folder: for loading one, and for the bench's plain listener.
import { readFileSync } from "node:fs";
import { ledgerPlace } from "../../gateway/dist/ledger-place.js";
import { systemClock, systemRandom } from "../../gateway/dist/main.js";
import { openFolder } from "../../gateway/dist/open-folder.js";
import { assembleGateway, loadProgramme, sqliteDriver } from "../../gateway/dist/parts.js";
import { createHeadsFile } from "../../gateway/dist/sealer-heads-file.js";
import { STORE_KEY } from "./store-key.mjs";

/**
 * @param {object} options
 * @param {string} options.path the data folder; what is missing in it is made
 * @param {object} options.programme as its file holds it
 * @param {ReturnType<typeof import("../../gateway/dist/parts.js").createLogger>} options.log
 * @param {string} [options.url] a PostgreSQL database; the ledger is in the folder where it is left out
 */
export async function openAssembly({ path, programme, log, url }) {
  const [clock, random] = [systemClock, systemRandom];
  const loaded = loadProgramme(programme);
  // As `pass-tpe serve` opens it.
  const findsRecentSales = loaded.settings.velocity !== null;
  const { folder, driver, headsPath } = await openFolder({
    path,
    storeKey: STORE_KEY,
    hosts: ["localhost"],
    place: ledgerPlace(path, url === undefined ? null : { url }),
    makeDriver: (at) => sqliteDriver(at, { findsRecentSales }),
    clock,
    random,
  });
  const { keys } = folder;
  const assembly = assembleGateway({
    driver,
    keys,
    programme: loaded,
    clock,
    random,
    log,
    // As at the command line of the rig: one terminal stands for an estate.
    limits: { terminalPerSecond: 0, cardPerMinute: 0 },
    exportHead: createHeadsFile(headsPath, keys.audit),
    onDoubt(error) {
      throw error;
    },
  });
  return {
    assembly,
    driver,
    async close() {
      await assembly.sealer.close();
      await assembly.store.close();
    },
  };
}

/** @param {string} path @returns {any} what a file of JSON holds */
export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
