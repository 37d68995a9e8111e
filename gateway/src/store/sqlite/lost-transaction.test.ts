// A file that fails in the middle of a change loses all of the change, whichever of its writes it was.

import Database from "better-sqlite3";
import { expect, it, onTestFinished, vi } from "vitest";
import { codeOf, openShop } from "../../../../tests/support/shop.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { sqliteDriver } from "./driver.js";

const newFile = tempFiles();

/** More than a sale writes. */
const WRITES_MAX = 40;

/** A store whose n-th write from now on fails, and only that one. */
async function openFailing() {
  const state = { writesLeft: Number.POSITIVE_INFINITY, db: new Database(":memory:") };
  const prepare = Database.prototype.prepare;
  const spy = vi.spyOn(Database.prototype, "prepare").mockImplementation(function (
    this: Database.Database,
    text: string,
  ) {
    state.db = this;
    const statement = prepare.call(this, text);
    const run = statement.run.bind(statement);
    if (/^\s*(INSERT|UPDATE|DELETE)/.test(text)) {
      statement.run = (...values: unknown[]) => {
        state.writesLeft -= 1;
        if (state.writesLeft === 0) throw new Database.SqliteError("read", "SQLITE_IOERR_READ");
        return Reflect.apply(run, statement, values);
      };
    }
    return statement;
  });
  const shop = await openShop(sqliteDriver(newFile()), { grants: { SPECTACLE: 1_000_000 } });
  onTestFinished(() => shop.store.close());
  spy.mockRestore();
  return { shop, state };
}

async function expectNothingOf(
  shop: Awaited<ReturnType<typeof openFailing>>["shop"],
  before: object,
) {
  expect(await shop.ledger()).toEqual(before);
  expect((await shop.store.verify()).faults).toEqual([]);
}

it("the n-th write of a sale that fails leaves nothing of the sale, for every n", async () => {
  const { shop, state } = await openFailing();
  const codes: string[] = [];
  for (let write = 1; write <= WRITES_MAX && codes.at(-1) !== "APPROVED"; write += 1) {
    const before = await shop.ledger();
    const request = shop.request({ purchaseCents: 1 });
    state.writesLeft = write;
    codes.push(codeOf(await shop.authorize(request)));
    state.writesLeft = Number.POSITIVE_INFINITY;
    if (codes.at(-1) === "unavailable") await expectNothingOf(shop, before);
  }
  expect(codes.length).toBeGreaterThan(4);
  expect(new Set(codes.slice(0, -1))).toEqual(new Set(["unavailable"]));
  expect(codes.at(-1)).toBe("APPROVED");
});

it("a file that may not grow takes whole sales or nothing of them", async () => {
  const { shop, state } = await openFailing();
  const refused: unknown[] = [];
  for (let sale = 0; sale < 300; sale += 1) {
    const pages = state.db.pragma("page_count", { simple: true });
    state.db.pragma(`max_page_count = ${pages}`);
    const request = shop.request({ purchaseCents: 1 });
    const code = codeOf(await shop.authorize(request));
    state.db.pragma("max_page_count = 1000000");
    if (code !== "unavailable") continue;
    const again = await shop.authorize(request);
    refused.push("replayed" in again && again.replayed);
  }
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused)).toEqual(new Set([false]));
  expect((await shop.store.verify()).faults).toEqual([]);
});
