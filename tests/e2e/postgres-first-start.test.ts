// First starts on a new database: of two at once the keys of one alone are the ledger's, and keys of another ledger make none.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ledgerPlace } from "../../gateway/src/ledger-place.js";
import { systemClock, systemRandom } from "../../gateway/src/main.js";
import { openFolder } from "../../gateway/src/open-folder.js";
import { IN_TESTS, keyFolders } from "../support/gateways-on-postgres.js";
import { startStatementProxy } from "../support/postgres/statement-proxy.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { TEST_STORE_KEY } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";

function open(path: string, url: string, more: { readonly beginsLedger?: boolean } = {}) {
  const given = { storeKey: TEST_STORE_KEY, clock: systemClock, random: systemRandom };
  const place = ledgerPlace(path, { url, ...IN_TESTS });
  return openFolder({ ...given, ...more, path, place, hosts: ["localhost"] });
}

describeSystem("postgres")("of two first starts at once", () => {
  const postgres = testPostgres();
  const folders = keyFolders();

  it("the second is refused, and starts with the keys of the first", async () => {
    const database = await postgres.database();
    const proxy = await startStatementProxy(database);
    const slow = folders.fresh();
    const isAboutToKeep = proxy.meet("holdBefore", /INSERT INTO ledger_keys/);
    const second = open(slow, proxy.url).catch((error: unknown) => error);
    const held = await isAboutToKeep;
    const fast = folders.fresh();
    const first = await open(fast, database.url);
    held.release();
    expect(String(await second)).toMatch(
      /holds other keys than .*Restore .*from the folder of another gateway/,
    );
    const keys = await first.driver.keyUse.ledgerKeys();
    const besides = await open(folders.besides(fast), database.url);
    expect(await besides.driver.keyUse.ledgerKeys()).toEqual(keys);
    // What was refused is refused again: nothing of it came into the ledger.
    await expect(open(slow, database.url)).rejects.toThrow(/holds other keys than/);
    expect(readFileSync(join(slow, "keys.json"))).not.toEqual(
      readFileSync(join(fast, "keys.json")),
    );
    await first.driver.close();
    await besides.driver.close();
    await proxy.close();
  });

  it("whoever stands in one folder keeps the other out of it", async () => {
    const { url } = await postgres.database();
    const path = folders.fresh();
    const { driver } = await open(path, url);
    await expect(open(path, url)).rejects.toThrow(/held by another process/);
    await driver.close();
    await (await open(path, url)).driver.close();
  });
});

describeSystem("postgres")("a folder that served another ledger", () => {
  const postgres = testPostgres();
  const folders = keyFolders();

  it("takes no empty database, unless it is told that a new ledger begins there", async () => {
    const path = folders.fresh();
    const [served, empty] = [await postgres.database(), await postgres.database()];
    await (await open(path, served.url)).driver.close();
    await expect(open(path, empty.url)).rejects.toThrow(
      /keys\.json holds the keys of a ledger, .* is empty.*Operator: check the name in DATABASE_URL.*--new-ledger/,
    );
    // Nothing of it came into the empty one: the same is refused again.
    await expect(open(path, empty.url)).rejects.toThrow(/is empty/);
    await (await open(path, served.url)).driver.close();
    await (await open(path, empty.url, { beginsLedger: true })).driver.close();
    await (await open(path, empty.url)).driver.close();
  });
});
