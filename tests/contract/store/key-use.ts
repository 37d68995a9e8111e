// What a store counts under a key version: nothing that is out of use, everything else.

import { describe, expect, it } from "vitest";
import { type MakeDriver, openFor } from "./open.js";

export function describeKeyUse(makeDriver: MakeDriver): void {
  describe("the use of a key version", () => {
    it("is counted in PINs, but for those of cards that are closed and of those without one", async () => {
      const shop = await openFor(makeDriver, { cards: 4 });
      const { keyUse } = shop.driver;
      expect(await keyUse.pinsUnder(1)).toBe(4);
      expect(await keyUse.pinsUnder(2)).toBe(0);
      const lost = shop.card(0).record({ status: "LOST" });
      const blocked = shop.card(1).record({ status: "BLOCKED" });
      const { credential: _, ...replacement } = shop.newCard("account-0").record({ pin: null });
      await shop.store.load({ cards: [lost, blocked, { ...replacement, credential: null }] });
      expect(await keyUse.pinsUnder(1)).toBe(3);
    });

    it("is counted in active terminals, by the base key that begins their initial key's id", async () => {
      const shop = await openFor(makeDriver, { terminals: 3 });
      const { keyUse } = shop.driver;
      expect(await keyUse.terminalsUnder("50415353")).toBe(3);
      expect(await keyUse.terminalsUnder("50415354")).toBe(0);
      await shop.store.load({ revokedTerminals: [shop.terminal(0).id] });
      const without = shop.terminal(1).record({ initialKeyId: null });
      await shop.store.load({ terminals: [without] });
      expect(await keyUse.terminalsUnder("50415353")).toBe(1);
    });
  });

  describe("the keys that a ledger is written under", () => {
    const keys = { checkValue: Buffer.alloc(32, 1), versions: { cards: [2, 1], qr: [1] } };

    it("are none at first, and then those that were kept last", async () => {
      const driver = await makeDriver();
      const { keyUse } = driver;
      expect(await keyUse.ledgerKeys()).toBeNull();
      expect(await keyUse.keepLedgerKeys(keys, null)).toBe(true);
      expect(await keyUse.ledgerKeys()).toEqual(keys);
      const rotated = { ...keys, versions: { ...keys.versions, qr: [2, 1] } };
      expect(await keyUse.keepLedgerKeys(rotated, keys)).toBe(true);
      expect(await keyUse.ledgerKeys()).toEqual(rotated);
      await driver.close();
    });

    it("are not replaced by another gateway's", async () => {
      const driver = await makeDriver();
      const { keyUse } = driver;
      await keyUse.keepLedgerKeys(keys, null);
      const others = { ...keys, checkValue: Buffer.alloc(32, 2) };
      expect(await keyUse.keepLedgerKeys(others, keys)).toBe(false);
      expect(await keyUse.ledgerKeys()).toEqual(keys);
      await driver.close();
    });

    it("are not written over by who read them before a rotation", async () => {
      const driver = await makeDriver();
      const { keyUse } = driver;
      await keyUse.keepLedgerKeys(keys, null);
      const rotated = { ...keys, versions: { ...keys.versions, qr: [2, 1] } };
      await keyUse.keepLedgerKeys(rotated, keys);
      expect(await keyUse.keepLedgerKeys(keys, keys)).toBe(false);
      expect(await keyUse.keepLedgerKeys(keys, null)).toBe(false);
      expect(await keyUse.ledgerKeys()).toEqual(rotated);
      await driver.close();
    });

    it("are needed as soon as anything is kept, and not by a ledger that was only made", async () => {
      const driver = await makeDriver();
      expect(await driver.keyUse.isUsed()).toBe(false);
      await driver.keepProgramme({ hash: "0".repeat(64), json: "{}" });
      expect(await driver.keyUse.isUsed()).toBe(true);
      await driver.close();
    });
  });
}
