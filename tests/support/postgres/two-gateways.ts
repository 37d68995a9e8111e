// Two gateways on one database, each with its store, and a third connection that looks on.

import { onTestFinished, vi } from "vitest";
import type { Driver } from "../../../gateway/src/store/driver.js";
import type { EmbeddedStore } from "../../../gateway/src/store/engine.js";
import { openPostgres } from "../../../gateway/src/store/postgres/driver.js";
import type { PostgresOptions } from "../../../gateway/src/store/postgres/options.js";
import { openShop, type Shop, type ShopOptions } from "../shop.js";
import { connectTo } from "./connect.js";
import { type StatementProxy, startStatementProxy } from "./statement-proxy.js";
import { type TestPostgres, type TestPostgresOptions, testPostgres } from "./test-postgres.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

export interface TwoGateways {
  readonly shop: Shop;
  /** The driver of the shop's own store. */
  readonly one: Driver;
  readonly other: Driver;
  readonly watcher: Driver;
  readonly stores: readonly [EmbeddedStore, EmbeddedStore];
  /** Stands between `one` and the database. */
  readonly proxy: StatementProxy;
  /** Of the database, past the proxy. */
  readonly url: string;
  /** Asks the database by a connection of its own, past all of them. */
  ask<Row>(text: string): Promise<readonly Row[]>;
  /** Resolves once so many transactions wait for what others hold. */
  waiting(count?: number): Promise<void>;
}

/** A server whose databases have the schema already. @param settings of the server, by their names in its configuration. */
export function gatewaysPostgres(settings: TestPostgresOptions["settings"] = {}): TestPostgres {
  return testPostgres({
    settings,
    prepare: async (url) => (await openPostgres({ url, ...IN_TESTS })).close(),
  });
}

/** Opens them on a fresh database; they are closed with the test. */
export async function openTwo(
  postgres: TestPostgres,
  shopOptions: ShopOptions = {},
  options: Partial<PostgresOptions> = {},
): Promise<TwoGateways> {
  const database = await postgres.database();
  const { url } = database;
  const proxy = await startStatementProxy(database);
  const client = await connectTo(url);
  const open = (applicationName: string, at: string) =>
    openPostgres({ url: at, applicationName, ...IN_TESTS, ...options });
  const one = await open("one", proxy.url);
  const other = await open("other", url);
  const watcher = await open("watcher", url);
  const shop = await openShop(one, shopOptions);
  const second = shop.openStore(other);
  // It has kept its programme then, and leaves the driver to the test.
  await second.load({});
  onTestFinished(async () => {
    await Promise.all([shop.store.close(), second.close(), watcher.close()]);
    await proxy.close();
  });
  const ask = async <Row>(text: string) => (await client.query(text)).rows as readonly Row[];
  const waiting = (count = 1) =>
    vi.waitFor(
      async () => {
        const waits = await ask("SELECT DISTINCT pid FROM pg_locks WHERE NOT granted");
        if (waits.length !== count) throw new Error(`${waits.length} wait, and not ${count}`);
      },
      { timeout: 3_000 },
    );
  return { shop, one, other, watcher, stores: [shop.store, second], proxy, url, ask, waiting };
}
