// A real ledger as facts: what was decided, done and given back stands there once, in its order.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteDriver } from "@pass-tpe/gateway";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openShop, type Shop } from "../../tests/support/shop.js";
import { ledgerFacts } from "./ledger-facts.js";

let folder: string;
let shop: Shop;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-ledger-"));
  shop = await openShop(sqliteDriver(join(folder, "gateway.db")));
});

afterEach(async () => {
  await shop.store.close();
  rmSync(folder, { recursive: true });
});

const facts = () => ledgerFacts({ driver: shop.driver, atMs: shop.clock.nowMs() });

test("a sale that was refunded in part stands with its entries, its refund and its grant", async () => {
  const id = shop.newId();
  await shop.authorize({ id });
  await shop.refund(id, { amountCents: 300 });
  const sale = { terminal: shop.terminal().id, id };
  const { attempts, operations, entries, grants, reversals, holds } = await facts();
  expect(attempts).toMatchObject([{ sale, approved: true, code: "APPROVED", units: 1_000 }]);
  expect(operations).toMatchObject([{ kind: "refund", sale, units: 300 }]);
  expect(entries).toMatchObject([
    { sale, avantage: "SPECTACLE", units: 1_000 },
    { sale, avantage: "SPECTACLE", units: -300 },
  ]);
  expect(grants).toMatchObject([{ avantage: "SPECTACLE", amount: 3_000, spent: 700 }]);
  expect([reversals, holds]).toEqual([[], []]);
});

test("what is held has no entry, and its capture takes", async () => {
  const [open, taken] = [shop.newId(), shop.newId()];
  await shop.authorize({ id: open, capture: false });
  await shop.authorize({ id: taken, capture: false });
  await shop.capture(taken, { amountCents: 400 });
  const { attempts, operations, entries, holds } = await facts();
  expect(attempts.map(({ holds: isHeld }) => isHeld)).toEqual([true, true]);
  expect(operations).toMatchObject([{ kind: "capture", sale: { id: taken }, units: 400 }]);
  expect(entries).toMatchObject([{ sale: { id: taken }, units: 400 }]);
  expect(holds).toMatchObject([{ sale: { id: open }, units: 1_000 }]);
});

test("a reversal that came before its original knows its place, and is no attempt", async () => {
  await shop.authorize();
  const id = shop.newId();
  await shop.reverse(id);
  await shop.authorize({ id });
  await shop.authorize();
  const { attempts, reversals } = await facts();
  expect(attempts).toHaveLength(2);
  expect(reversals).toEqual([
    { sale: { terminal: shop.terminal().id, id }, reason: "automatic", afterAttempts: 1 },
  ]);
});

test("a declined sale takes nothing, and a card shows its counter and its tries", async () => {
  const card = shop.card();
  await shop.authorize({ evidence: card.tap(), purchaseCents: 0 });
  await shop.authorize({ evidence: card.tap() });
  const { attempts, cards } = await facts();
  expect(attempts.map(({ approved, units }) => [approved, units])).toEqual([
    [false, 0],
    [true, 1_000],
  ]);
  expect(cards).toMatchObject([{ messageCounter: 2, pinFailures: 0 }]);
});
