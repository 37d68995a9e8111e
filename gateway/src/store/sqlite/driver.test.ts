// What the file keeps: everything after a restart, every entry for ever, and no card number anywhere.

import { existsSync, readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { programmeWith } from "../../../../tests/support/builders.js";
import { codeOf, decisionOf, grantRecords, openShop } from "../../../../tests/support/shop.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { sqliteDriver } from "./driver.js";

const newFile = tempFiles();

const REVOKED = {
  type: "grants.revoked",
  beneficiary: "account-0",
  campaign: "2022/2023",
  avantages: ["CINEMA"],
} as const;

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
    const before = await shop.ledger();
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

describe("the audit trail", () => {
  it.each([
    ["changed", "UPDATE events SET agent_id = 'nobody'"],
    ["removed", "DELETE FROM events"],
  ])("is append-only: an event cannot be %s, not even past the gateway", async (_how, sql) => {
    const path = newFile();
    const shop = await openAt(path);
    await shop.send(REVOKED);
    await shop.store.close();
    const db = new Database(path);
    onTestFinished(() => void db.close());
    expect(() => db.exec(sql)).toThrow("the audit trail is append-only");
  });

  it("holds an event once, however often it was refused before", async () => {
    const path = newFile();
    const shop = await openAt(path);
    await shop.send(REVOKED);
    await shop.store.close();
    const db = new Database(path);
    onTestFinished(() => void db.close());
    const again = (outcome: string, refusal: string | null) =>
      db
        .prepare(
          `INSERT INTO events (id, agent_id, role, type, subject, at_ms, fingerprint, outcome, refusal, notes)
           SELECT id, agent_id, role, type, subject, at_ms, fingerprint, ?, ?, notes FROM events LIMIT 1`,
        )
        .run(outcome, refusal);
    expect(() => again("applied", null)).toThrow("UNIQUE constraint failed: events.id");
    expect(() => again("refused", "OUT_OF_ORDER")).not.toThrow();
  });
});

describe("a file that was changed past the gateway", () => {
  it.each([
    ["UPDATE grants SET spent = 999 WHERE avantage = 'SPECTACLE'", "verify"],
    ["DROP TRIGGER entries_are_never_changed; UPDATE entries SET units = 999", "verify"],
    ["DROP TRIGGER entries_are_never_removed; DELETE FROM entries", "verify"],
    ["DELETE FROM attempts WHERE seq = 1", "verify"],
    ["UPDATE attempts SET state = 'declined'", "verify"],
    [
      `UPDATE attempts SET answer = replace(answer, '"amountCents":1000', '"amountCents":1')`,
      "verify",
    ],
    [
      `UPDATE attempts SET answer = replace(answer, '"amountCents":1000', '"amountCents":1')`,
      "replay",
    ],
    ["UPDATE attempts SET code = 'APPROVED_PARTIAL'", "replay"],
    [`UPDATE attempts SET input = replace(input, '"genuine":true', '"genuine":false')`, "replay"],
    ["UPDATE attempts SET effects_digest = zeroblob(32)", "replay"],
  ] as const)("by %s is found by %s, and the row is named", async (sql, proof) => {
    const path = newFile();
    const shop = await openAt(path);
    const sale = shop.request();
    await shop.authorize(sale);
    await shop.store.close();
    const db = new Database(path);
    // Whoever has the file has its guards as well.
    for (const guard of ["changed", "removed"]) db.exec(`DROP TRIGGER attempts_are_never_${guard}`);
    db.exec(sql);
    db.close();
    const store = shop.openStore(sqliteDriver(path));
    onTestFinished(() => store.close());
    const found =
      proof === "verify" ? (await store.verify()).faults : (await store.replay()).differences;
    expect(found.join("\n")).toMatch(new RegExp(`${sale.id}|account-0/SPECTACLE`));
  });
});

describe("a ledger of many pages", () => {
  it("is read to its end, each row once", async () => {
    const shop = await openAt(newFile());
    const grants = Array.from(
      { length: 1_200 },
      (_, index) => `G-${String(index).padStart(5, "0")}`,
    );
    await shop.store.load({
      accounts: [{ id: "account-1", holder: "Alix B." }],
      grants: grants.flatMap((id) =>
        ["account-0", "account-1"].flatMap((accountId) =>
          grantRecords(accountId, { MUSEE: 0 }).map((grant) => ({ ...grant, id })),
        ),
      ),
    });
    const ids = (await shop.ledger()).grants.map(({ accountId, id }) => `${accountId} ${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
    // Those, and the two that the shop was opened with.
    expect(ids).toHaveLength(2 * grants.length + 2);
    expect((await shop.store.verify()).grants).toBe(ids.length);
  });
});

describe("what finds an account's recent sales", () => {
  const indexIn = (path: string) => {
    const db = new Database(path);
    try {
      return db.prepare("SELECT name FROM sqlite_schema WHERE name = 'attempts_by_account'").get();
    } finally {
      db.close();
    }
  };

  it("is made where a start says that they are asked for, goes where they are not, and else stays", async () => {
    const path = newFile();
    const velocity = { salesMax: 2, withinMs: 60_000 };
    const limited = programmeWith({ settings: { velocity } });
    const shop = await openShop(sqliteDriver(path, { findsRecentSales: true }), {
      programme: limited,
    });
    const codes = [];
    for (let sale = 0; sale < 3; sale += 1) {
      codes.push(codeOf(await shop.authorize({ purchaseCents: 1 })));
    }
    expect(codes).toEqual(["APPROVED", "APPROVED", "VELOCITY_LIMIT"]);
    await shop.store.close();
    expect(indexIn(path)).toBeDefined();
    const free = await openAt(path);
    expect((await free.store.verify()).faults).toEqual([]);
    await free.store.close();
    expect(indexIn(path)).toBeDefined();
    for (const findsRecentSales of [false, true, false]) {
      await sqliteDriver(path, { findsRecentSales }).close();
      expect(indexIn(path) !== undefined).toBe(findsRecentSales);
    }
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
