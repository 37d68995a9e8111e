// What a start does to the keys of a folder whose ledger somebody else holds: nothing.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { programmeAround } from "../../tests/support/running-gateway.js";
import { TEST_STORE_KEY } from "../../tests/support/store-key.js";
import { tempFiles } from "../../tests/support/temp-folder.js";
import { createLogger } from "./http/observe.js";
import { startGateway } from "./main.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

const newFile = tempFiles();

it("leaves the keys alone while another process holds the ledger, such as one that rotates them", async () => {
  const dataFolder = newFile("gateway");
  const programme = programmeAround(Date.now());
  const log = createLogger({ level: "silent" });
  const options = { dataFolder, programme, storeKey: TEST_STORE_KEY, port: 0, healthPort: 0, log };
  await (await startGateway(options)).close();
  const keys = () => readFileSync(join(dataFolder, "keys.json"));
  const before = keys();

  const other = sqliteDriver(join(dataFolder, "gateway.db"));
  try {
    // For another name it needs another certificate, which stands with the keys.
    const start = startGateway({ ...options, hosts: ["till.example"] });
    await expect(start).rejects.toThrow("held by another process");
    expect(keys()).toEqual(before);
  } finally {
    await other.close();
  }
  await (await startGateway({ ...options, hosts: ["till.example"] })).close();
  expect(keys()).not.toEqual(before);
});
