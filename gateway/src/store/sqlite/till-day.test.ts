// A till's day costs the database no more questions the more was sold: each would be a way to it and back.

import { expect, it } from "vitest";
import { hold, sell } from "../../../../tests/contract/store/after-sale-shop.js";
import { openShop, type Shop } from "../../../../tests/support/shop.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import type { Sql, SqlValues, Statement } from "../sql/sql.js";
import { prepareTillDay } from "../sql/till-day.js";
import { openDatabase } from "./database.js";
import { sqliteDriver } from "./driver.js";
import { createFailureOf } from "./failures.js";
import { sqliteSql } from "./sql.js";
import { createTransaction } from "./transaction.js";

const newFile = tempFiles();

/** Runs SQL elsewhere, and counts what is asked. */
function counting(sql: Sql) {
  let asked = 0;
  const counted: Sql = {
    prepare<Row>(text: string): Statement<Row> {
      const { get, all, run } = sql.prepare<Row>(text);
      const count =
        <Told>(ask: (...values: SqlValues) => Told) =>
        (...values: SqlValues) => {
          asked += 1;
          return ask(...values);
        };
      return { get: count(get), all: count(all), run: count(run) };
    },
  };
  return { sql: counted, asked: () => asked };
}

/** Reads the day of a shop's first till, once the shop is closed. */
async function dayAfter(sales: (shop: Shop) => Promise<void>) {
  const file = newFile();
  const shop = await openShop(sqliteDriver(file), { grants: { SPECTACLE: 100_000 } });
  await sales(shop);
  await shop.store.close();
  const db = openDatabase(file);
  try {
    const parts = { failureOf: createFailureOf(db), transaction: createTransaction(db) };
    const { sql, asked } = counting(sqliteSql(db, parts));
    const nowMs = shop.clock.nowMs();
    const day = { terminalId: shop.terminal().id, fromMs: 0, toMs: nowMs + 1, nowMs };
    const { moves } = await prepareTillDay(sql)(day);
    return { moves: moves.length, statements: asked() };
  } finally {
    db.close();
  }
}

it("is read by as many statements with twenty sales as with none", async () => {
  const empty = await dayAfter(async () => {});
  const full = await dayAfter(async (shop) => {
    for (let round = 0; round < 5; round += 1) {
      await sell(shop, 100);
      await shop.refund(await sell(shop, 100));
      await shop.reverse(await sell(shop, 100));
      await shop.capture(await hold(shop, 100));
    }
  });
  expect(empty.moves).toBe(0);
  expect(full).toEqual({ moves: 30, statements: empty.statements });
});
