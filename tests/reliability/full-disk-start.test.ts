// A disk that is full while a gateway starts: what could not be kept then is kept with the first sale that can.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TransactionLostError } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { codeOf, openShop } from "../support/shop.js";

test("sales go on once the disk has room, though the programme could not be kept at the start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-full-start-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const driver = sqliteDriver(join(folder, "gateway.db"));
  let isFull = true;
  const shop = await openShop({
    ...driver,
    async begin() {
      await driver.begin();
      if (!isFull) return;
      isFull = false;
      await driver.rollback();
      throw new TransactionLostError("the disk is full");
    },
  });
  onTestFinished(() => shop.store.close());
  expect(codeOf(await shop.authorize({ purchaseCents: 100 }))).toBe("APPROVED");
  expect((await shop.store.verify()).faults).toEqual([]);
});
