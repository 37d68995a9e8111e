// Sales find what they read by indexes, whatever the database believes of its tables: plans are made while a ledger is empty.

import { expect, it } from "vitest";
import { connectTo } from "../../../../tests/support/postgres/connect.js";
import { gatewaysPostgres } from "../../../../tests/support/postgres/two-gateways.js";
import { codeOf, openShop } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import { openPostgres } from "./driver.js";

/** What grows by each sale, and what there is of each young person. */
const TABLES = ["accounts", "attempts", "cards", "entries", "grants", "limit_notes"];
const ROUNDS = 20;

describeSystem("postgres")("a sale", () => {
  const postgres = gatewaysPostgres();

  it("reads no table from one end to the other, though the database takes all of them for empty", async () => {
    const { url } = await postgres.database();
    const client = await connectTo(url);
    await client.query("ANALYZE");
    const driver = await openPostgres({ url, allowsLossOfSalesInTests: true });
    const shop = await openShop(driver, { cards: 8, grants: { SPECTACLE: 1_000_000 } });
    for (let round = 0; round < ROUNDS; round += 1) {
      const requests = Array.from({ length: 8 }, () => shop.request());
      const sales = await Promise.all(requests.map((request) => shop.authorize(request)));
      expect(new Set(sales.map(codeOf))).toEqual(new Set(["APPROVED"]));
      // As before each sale of a gateway.
      const presented = requests.map(({ id }) => ({
        terminalId: shop.terminal().id,
        id,
        cardKey: null,
      }));
      await driver.limits?.notedOf(presented, { alarm: "pin", sinceMs: 0 });
    }
    // A connection has told what it read once it has ended.
    await shop.store.close();
    const { rows } = await client.query<{ relname: string; seq_scan: string }>(
      "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY ($1) ORDER BY relname",
      [TABLES],
    );
    expect(rows.map(({ relname }) => relname)).toEqual(TABLES);
    expect(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)])).toEqual(
      TABLES.map((name) => [name, 0]),
    );
  });
});
