// Fifty refunds, captures and reversals at once on one sale: one winner, and never more than was taken or held.

import { describe, expect, it, onTestFinished } from "vitest";
import type { Answer, Command } from "../../gateway/src/core/ports.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import type { EmbeddedStore } from "../../gateway/src/store/engine.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { describeDrivers, type MakeDriver } from "../support/drivers.js";
import { codeOf, openShop, type Shop } from "../support/shop.js";
import { sharedDriver, yieldingDriver } from "../support/yielding-driver.js";

const AT_ONCE = 50;
const REFUNDS = 10;
const PART_CENTS = 200;
const SALE_CENTS = REFUNDS * PART_CENTS;
/** More rounds than there are winners: whoever lost a race to a stale read comes again. */
const ROUNDS_MAX = 20;

const asker = { kind: "terminal", terminalId: "terminal-0" } as const;
const terminalId = "terminal-0";

interface Race {
  readonly makeDriver: MakeDriver;
  /** What stands between the driver and its stores. */
  readonly wrap?: (driver: Driver) => Driver;
  /** How many stores share the driver. */
  readonly count: number;
}

async function openRace({ makeDriver, wrap = (driver) => driver, count }: Race) {
  const driver = wrap(await makeDriver());
  const shop = await openShop(driver, { grants: { SPECTACLE: SALE_CENTS } });
  const others = Array.from({ length: count - 1 }, () => shop.openStore(driver));
  onTestFinished(() => shop.store.close());
  return { shop, stores: [shop.store, ...others] };
}

async function sell(shop: Shop, capture: boolean): Promise<string> {
  const request = shop.request({ purchaseCents: SALE_CENTS, capture });
  expect(codeOf(await shop.authorize(request))).toBe(capture ? "APPROVED" : "APPROVED_HELD");
  return request.id;
}

/** Sends all at once over the stores in turns; what met a stale read is sent again, as a terminal does. */
async function sendAll(stores: readonly EmbeddedStore[], commands: readonly Command[]) {
  const answers: Answer[] = [];
  let left = commands;
  for (let round = 0; left.length > 0 && round < ROUNDS_MAX; round += 1) {
    const sent = left;
    const got = await Promise.all(
      sent.map((command, index) => {
        const store = stores[index % stores.length];
        if (!store) throw new Error("there is a store");
        return store.execute(command);
      }),
    );
    answers.push(...got.filter(({ type }) => type !== "bug"));
    left = sent.filter((_, index) => got[index]?.type === "bug");
  }
  expect(left).toEqual([]);
  return answers.map(codeOf);
}

const countOf = (codes: readonly string[], code: string) =>
  codes.filter((it) => it === code).length;

describeDrivers(
  (name) => `on one ${name} store`,
  (makeDriver) => describeRace({ makeDriver, count: 1 }),
);
describeDrivers(
  (name) => `on one ${name} store that yields`,
  (makeDriver) => describeRace({ makeDriver, wrap: yieldingDriver, count: 1 }),
);

// Stores that race on one driver: a read may be stale by the time of its write, which is then a loud bug.
describe.each([2, 7])("on %i stores that race", (count) => {
  const wrap = (driver: Driver) => yieldingDriver(sharedDriver(driver));
  describeRace({ makeDriver: memoryDriver, wrap, count });
});

function describeRace(race: Race): void {
  it("fifty refunds of a tenth each give back the whole, and no more", async () => {
    const { shop, stores } = await openRace(race);
    const id = await sell(shop, true);
    const of = { terminalId: null, id };
    const refunds = Array.from({ length: AT_ONCE }, (): Command => {
      const request = { id: shop.newId(), amountCents: PART_CENTS };
      return { type: "refund", asker, of, request };
    });
    const codes = await sendAll(stores, refunds);
    expect(countOf(codes, "REFUNDED")).toBe(REFUNDS);
    expect(countOf(codes, "REFUND_OVER_CAPTURED")).toBe(AT_ONCE - REFUNDS);
    expect(await shop.spent("SPECTACLE")).toBe(0);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("one refund sent fifty times gives back once", async () => {
    const { shop, stores } = await openRace(race);
    const id = await sell(shop, true);
    const request = { id: shop.newId(), amountCents: PART_CENTS };
    const refund: Command = { type: "refund", asker, of: { terminalId: null, id }, request };
    const codes = await sendAll(stores, Array(AT_ONCE).fill(refund));
    expect(countOf(codes, "REFUNDED")).toBe(AT_ONCE);
    expect(await shop.spent("SPECTACLE")).toBe(SALE_CENTS - PART_CENTS);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("fifty captures of as many amounts have one winner", async () => {
    const { shop, stores } = await openRace(race);
    const id = await sell(shop, false);
    const captures = Array.from({ length: AT_ONCE }, (_, index): Command => {
      return { type: "capture", asker, terminalId, id, request: { amountCents: index + 1 } };
    });
    const codes = await sendAll(stores, captures);
    expect(countOf(codes, "CAPTURED")).toBe(1);
    expect(countOf(codes, "ALREADY_CAPTURED")).toBe(AT_ONCE - 1);
    expect((await shop.ledger()).entries).toHaveLength(1);
    expect((await shop.ledger()).holds).toEqual([]);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("captures and reversals of one hold leave it either taken and given back, or never taken", async () => {
    const { shop, stores } = await openRace(race);
    const id = await sell(shop, false);
    const mixed = Array.from({ length: AT_ONCE }, (_, index): Command => {
      if (index % 2 === 0) return { type: "capture", asker, terminalId, id, request: {} };
      return { type: "reverse", asker, terminalId, id, reason: "manual" };
    });
    const codes = await sendAll(stores, mixed);
    expect(countOf(codes, "REVERSED")).toBe(AT_ONCE / 2);
    expect(await shop.spent("SPECTACLE")).toBe(0);
    expect((await shop.ledger()).holds).toEqual([]);
    expect((await shop.store.verify()).faults).toEqual([]);
  });
}
