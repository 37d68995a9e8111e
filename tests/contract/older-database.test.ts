// A database that an earlier version of the program made is brought up to date, and everything in it still holds.

import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { codeOf, decisionOf, openShop } from "../support/shop.js";
import { tempFiles } from "../support/temp-folder.js";

const newFile = tempFiles();

const MIGRATIONS = new URL("../../gateway/src/store/sqlite/migrations/", import.meta.url);
const ROWS = new URL("../../fixtures/databases/schema-2.sql", import.meta.url);

/** The day's rows in a file of the second schema. */
function makeSecondSchema(): string {
  const path = newFile();
  const database = new Database(path);
  for (const name of ["0001-ledger.sql", "0002-programme.sql"]) {
    database.exec(readFileSync(new URL(name, MIGRATIONS), "utf8"));
  }
  database.pragma("user_version = 2");
  database.exec(readFileSync(ROWS, "utf8"));
  database.close();
  return path;
}

it("keeps every sale, reversal and event of the second schema, provable and usable", async () => {
  const path = makeSecondSchema();
  const shop = await openShop(sqliteDriver(path), { grants: {} });
  const { attempts, reversals, entries } = await shop.ledger();
  expect([attempts.length, reversals.length, entries.length]).toEqual([13, 6, 7]);
  expect(attempts.every(({ partnerId, kind }) => kind === "tombstone" || partnerId !== null)).toBe(
    true,
  );
  const report = await shop.store.verify();
  expect(report.faults).toEqual([]);
  const replayed = await shop.store.replay();
  expect([replayed.differences, replayed.notDecidedAgain]).toEqual([[], 0]);

  const [reversal] = reversals;
  if (!reversal) throw new Error("the day has a reversal");
  const again = decisionOf(await shop.reverse(reversal.id));
  expect(again).toMatchObject({ replayed: true, answer: JSON.parse(reversal.answer) });

  const sale = attempts.find(({ code, state }) => code === "APPROVED" && state === "approved");
  if (!sale) throw new Error("the day has a sale that stands");
  expect(codeOf(await shop.refund(sale.id, { amountCents: 100 }))).toBe("REFUNDED");
  while ((await shop.store.settlement.accrue()).more);
  const lines = [];
  for await (const line of shop.store.settlement.lines({})) lines.push(line);
  const moved = (await shop.ledger()).entries.filter(({ grantId }) => !grantId.includes("CINEMA"));
  expect(lines.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(
    moved.reduce((sum, { units }) => sum + units, 0),
  );
  expect((await shop.store.verify()).faults).toEqual([]);
  await shop.store.close();
});

it("starts where an old row cannot be read, and lets the proofs name it", async () => {
  const path = makeSecondSchema();
  const database = new Database(path);
  database.exec("UPDATE attempts SET input = 'torn' WHERE seq = 1");
  database.close();
  const shop = await openShop(sqliteDriver(path), { grants: {} });
  const { differences } = await shop.store.replay();
  expect(differences).toHaveLength(1);
  await shop.store.close();
});
