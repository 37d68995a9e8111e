// What the file keeps: everything after a restart, every entry for ever, and no card number anywhere.

import { existsSync, readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { codeOf, decisionOf, openShop } from "../../../../tests/support/shop.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { sqliteDriver } from "./driver.js";

const newFile = tempFiles();

async function openAt(path: string) {
  const shop = await openShop(sqliteDriver(path), { grants: { SPECTACLE: 3000, CINEMA: 5 } });
  onTestFinished(() => shop.store.close());
  return shop;
}

describe("a file that is opened again", () => {
  it("holds every answer, balance, counter and try", async () => {
    const path = newFile();
    const shop = await openAt(path);
    const tap = shop.card().tap();
    const sale = shop.request({ evidence: tap });
    const { answer } = decisionOf(await shop.authorize(sale));
    await shop.authorize({ evidence: shop.terminal().scan(shop.card(), "0000") });
    await shop.reverse(sale.id);
    await shop.authorize({ avantage: "CINEMA", quantity: 2 });
    const before = await shop.driver.ledger();
    await shop.store.close();

    const store = shop.openStore(sqliteDriver(path));
    onTestFinished(() => store.close());
    const status = await store.status("terminal-0", sale.id);
    expect(status).toMatchObject({ state: "reversed", answer });
    const again = {
      type: "authorize",
      terminalId: "terminal-0",
      receivedAtMonotonicMs: 0,
    } as const;
    const replayedTap = await store.execute({ ...again, request: shop.request({ evidence: tap }) });
    expect(codeOf(replayedTap)).toBe("CARD_NOT_GENUINE");
    expect(codeOf(await store.execute({ ...again, request: sale }))).toBe("ALREADY_REVERSED");
    const report = await store.verify();
    expect(report).toMatchObject({ entries: before.entries.length, faults: [] });
    await store.load(shop.batch);
    expect(await store.verify()).toEqual(report);
  });
});

describe("the ledger", () => {
  it.each([
    ["changed", "UPDATE entries SET units = 1"],
    ["removed", "DELETE FROM entries"],
  ])("is append-only: an entry cannot be %s, not even past the gateway", async (_how, sql) => {
    const path = newFile();
    const shop = await openAt(path);
    await shop.authorize();
    await shop.store.close();
    const db = new Database(path);
    onTestFinished(() => void db.close());
    expect(() => db.exec(sql)).toThrow("entries are append-only");
  });

  it("cannot hold a balance above its grant, not even past the gateway", async () => {
    const path = newFile();
    const shop = await openAt(path);
    await shop.store.close();
    const db = new Database(path);
    onTestFinished(() => void db.close());
    expect(() => db.exec("UPDATE grants SET spent = amount + 1")).toThrow(
      "CHECK constraint failed",
    );
  });
});

describe("a card number", () => {
  it("stands nowhere in the file nor in its write-ahead log", async () => {
    const path = newFile();
    const shop = await openAt(path);
    const { number } = shop.card();
    await shop.authorize({ evidence: shop.terminal().scan(shop.card()) });
    await shop.authorize({ evidence: shop.terminal().key(shop.card()) });
    await shop.inquire({ evidence: shop.terminal().key(shop.card(), "0000") });
    const log = readFileSync(`${path}-wal`);
    await shop.store.close();
    const file = readFileSync(path);
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect([log.length, file.length].every((bytes) => bytes > 4096)).toBe(true);
    for (const bytes of [log, file]) {
      expect(bytes.includes("account-0/SPECTACLE")).toBe(true);
      expect(bytes.includes(number)).toBe(false);
      expect(bytes.includes(number.slice(0, 12))).toBe(false);
      expect(bytes.includes(Buffer.from(number, "hex"))).toBe(false);
    }
  });
});
