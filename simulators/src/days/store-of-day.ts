// Gives a day the store that was asked for, and takes its files away afterwards.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { type Driver, sqliteDriver } from "@pass-tpe/gateway/parts";
import type { StoreName } from "./command-line.js";
import type { DayOptions } from "./run-plan.js";

/** Under this name the threads of a run know where its stores are. */
const STORES_FOLDER = "pass-tpe-days-stores";

/**
 * Makes one folder for the stores of all days of this process, in whatever thread. It goes when the process exits: a
 * thread that is ended in the middle of a day takes nothing away.
 */
export function keepStoresTogether(): void {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-days-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  setEnvironmentData(STORES_FOLDER, folder);
}

/** Does work whose days have this store. */
export async function withStore<T>(
  store: StoreName,
  work: (options: DayOptions) => Promise<T>,
): Promise<T> {
  if (store === "memory") return work({});
  const parent = String(getEnvironmentData(STORES_FOLDER) ?? tmpdir());
  const folder = mkdtempSync(join(parent, "pass-tpe-day-"));
  const drivers: Driver[] = [];
  const makeDriver = (): Driver => {
    const driver = sqliteDriver(join(folder, `day-${drivers.length}.sqlite`));
    drivers.push(driver);
    return driver;
  };
  try {
    return await work({ makeDriver });
  } finally {
    for (const driver of drivers) await driver.close();
    rmSync(folder, { recursive: true });
  }
}
