// Fifty sales at once on one grant that covers ten: exactly ten are approved, on every store and under every race.

import type { AuthorizationRequest } from "@pass-tpe/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import type { EmbeddedStore } from "../../gateway/src/store/engine.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { describeDrivers } from "../support/drivers.js";
import { codeOf, openShop, type Shop } from "../support/shop.js";
import { checkThenActDriver, sharedDriver, yieldingDriver } from "../support/yielding-driver.js";

const SALES = 50;
const COVERED = 10;
/** More rounds than there are sales to approve: each round in which somebody lost a race, somebody else won it. */
const ROUNDS_MAX = COVERED + 5;

interface Grant {
  readonly avantage: string;
  readonly amount: number;
  readonly perSale: number;
  readonly asked: Partial<AuthorizationRequest>;
}
const UNITS: readonly (readonly [string, Grant])[] = [
  ["euros", { avantage: "SPECTACLE", amount: 3000, perSale: 300, asked: { purchaseCents: 300 } }],
  ["seats", { avantage: "CINEMA", amount: 20, perSale: 2, asked: { quantity: 2 } }],
];

/** One account, as many cards and terminals as sales: all that they have in common is the grant. */
async function openCrowd(driver: Driver, { avantage, amount }: Grant): Promise<Shop> {
  const crowd = { cards: SALES, terminals: SALES, oneAccount: true };
  const shop = await openShop(driver, { ...crowd, grants: { [avantage]: amount } });
  onTestFinished(() => shop.store.close());
  return shop;
}

/** Sells to the whole crowd at once, spread over the stores; who met a bug or lost a race sends the same id again. */
async function sellToAll(
  shop: Shop,
  { grant, stores }: { readonly grant: Grant; readonly stores: readonly EmbeddedStore[] },
) {
  const { avantage, asked } = grant;
  const codes = new Map<string, string>();
  let retries = 0;
  let open = Array.from({ length: SALES }, (_, index) => ({
    store: stores[index % stores.length] ?? shop.store,
    terminalId: shop.terminal(index).id,
    request: shop.request({ ...asked, avantage, evidence: shop.card(index).tap() }),
  }));
  for (let round = 0; open.length > 0 && round < ROUNDS_MAX; round += 1) {
    const tried = await Promise.all(
      open.map(async (sale) => {
        const { store, terminalId, request } = sale;
        const command = { type: "authorize", terminalId, request } as const;
        return { sale, answer: await store.execute({ ...command, receivedAtMonotonicMs: 0 }) };
      }),
    );
    for (const { sale, answer } of tried) codes.set(sale.request.id, codeOf(answer));
    open = tried.filter(({ answer }) => answer.type !== "decision").map(({ sale }) => sale);
    retries += open.length;
  }
  return { codes: [...codes.values()], retries };
}

/** The check that every race has to stand, and that a deliberate bug must not. */
async function expectExactlyTen(shop: Shop, grant: Grant, codes: readonly string[]): Promise<void> {
  const approved = codes.filter((code) => code.startsWith("APPROVED"));
  expect(approved).toHaveLength(COVERED);
  expect(codes.filter((code) => /EXHAUSTED$/.test(code))).toHaveLength(SALES - COVERED);
  expect(await shop.spent(grant.avantage)).toBe(grant.amount);
  const { entries } = await shop.ledger();
  expect(entries.map(({ units }) => units)).toEqual(Array(COVERED).fill(grant.perSale));
  expect((await shop.store.verify()).faults).toEqual([]);
}

const WRAPS: readonly (readonly [string, (driver: Driver) => Driver])[] = [
  ["as it is", (driver) => driver],
  ["one that yields", yieldingDriver],
];

describe.each(UNITS)("fifty sales at once in %s", (_unit, grant) => {
  describeDrivers(
    (name) => `on ${name}`,
    (makeDriver) => {
      it.each(WRAPS)("are approved ten times on one store: %s", async (_name, wrap) => {
        const shop = await openCrowd(wrap(await makeDriver()), grant);
        const { codes, retries } = await sellToAll(shop, { grant, stores: [shop.store] });
        expect(retries).toBe(0);
        await expectExactlyTen(shop, grant, codes);
      });
    },
  );

  it.each([2, 7, SALES])(
    "are approved ten times over %i stores that race on one driver",
    async (count) => {
      const driver = yieldingDriver(sharedDriver(memoryDriver()));
      const shop = await openCrowd(driver, grant);
      const stores = Array.from({ length: count }, () => shop.openStore(driver));
      const { codes, retries } = await sellToAll(shop, { grant, stores });
      expect(retries).toBeGreaterThan(0);
      await expectExactlyTen(shop, grant, codes);
    },
  );

  it.each([7, SALES])("fail this very check where %i stores check and then act", async (count) => {
    const driver = yieldingDriver(checkThenActDriver(sharedDriver(memoryDriver())));
    const shop = await openCrowd(driver, grant);
    const stores = Array.from({ length: count }, () => shop.openStore(driver));
    const { codes } = await sellToAll(shop, { grant, stores });
    await expect(expectExactlyTen(shop, grant, codes)).rejects.toThrow("to have a length of 10");
    expect(await shop.spent(grant.avantage)).toBeGreaterThan(grant.amount);
  });
});
