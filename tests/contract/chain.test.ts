// The chain behind the sales: everything that was committed is sealed once, and what is not yet is named.

import { expect, it, vi } from "vitest";
import { CHAIN_SOURCES, type ChainRow } from "../../gateway/src/store/chain/driver.js";
import { READ_TOGETHER_MIN, SEALED_PER_STEP_MAX } from "../../gateway/src/store/chain/seal.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { StoreStoppedError } from "../../gateway/src/store/engine.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { describeDrivers, describeOtherDrivers, type MakeDriver } from "../support/drivers.js";
import { collected } from "../support/ledger.js";
import { codeOf } from "../support/shop.js";
import { chainReport, commitEvents, playChainDay, rigOf } from "./chain-rig.js";
import { openFor } from "./store/open.js";
import { DAY_GRANTS } from "./store/told-day.js";

/** A driver whose appending of links runs something first. */
const beforeAppend =
  (run: () => void) =>
  (driver: Driver): Driver => ({
    ...driver,
    chain: {
      ...driver.chain,
      append(links) {
        run();
        return driver.chain.append(links);
      },
    },
  });

/** Stores read a case in the order of their own columns, so that the JSON of an input is not the same text. */
function plain({ source, seq, shape, values }: ChainRow) {
  const { input = null, ...fields } = shape.fieldsOf(values);
  return { source, seq, fields, input: input === null ? null : JSON.parse(String(input)) };
}

/** The whole chain, each link with its row. */
async function plainLinks(driver: Driver) {
  const links = await collected(driver.chain.links());
  return links.map(({ link, row }) => ({ link, row: row && plain(row) }));
}

function describeChain(makeDriver: MakeDriver): void {
  it("seals every row of a day, and signs and exports its head", async () => {
    const shop = await openFor(makeDriver, { grants: DAY_GRANTS });
    await playChainDay(shop);
    const rig = rigOf(shop);
    const { unsealed } = await rig.verify();
    await rig.seal();
    const rows = unsealed.reduce((sum, tail) => sum + tail.rows, 0);
    const heads = { count: 1, upTo: rows, torn: 0 };
    expect(await rig.verify()).toEqual({
      links: rows,
      unsealed: [],
      heads,
      exportedHeads: heads,
      faults: [],
    });
    expect(rig.exported).toEqual(await collected(shop.driver.chain.heads()));
    expect(rig.errors).toEqual([]);
  });

  it("names what was committed since, by its source, count and oldest instant", async () => {
    const shop = await openFor(makeDriver);
    await shop.authorize({ purchaseCents: 100 });
    const rig = rigOf(shop);
    await rig.seal();
    shop.clock.advance(1_000);
    const sinceMs = shop.clock.nowMs();
    await shop.authorize({ purchaseCents: 200 });
    shop.clock.advance(1_000);
    await shop.authorize({ purchaseCents: 300 });
    expect(await rig.verify()).toMatchObject({
      links: 2,
      unsealed: [
        { source: "attempts", rows: 2, sinceMs },
        { source: "entries", rows: 2, sinceMs },
      ],
      faults: [],
    });
  });

  it("holds nothing of a shop in which nothing was done", async () => {
    const shop = await openFor(makeDriver);
    const rig = rigOf(shop);
    await rig.seal();
    const none = { count: 0, upTo: 0, torn: 0 };
    expect(await rig.verify()).toEqual({
      links: 0,
      unsealed: [],
      heads: none,
      exportedHeads: none,
      faults: [],
    });
  });

  it("is left as it is where nothing is new", async () => {
    const shop = await openFor(makeDriver);
    await shop.authorize();
    const rig = rigOf(shop);
    await rig.seal();
    const before = await plainLinks(shop.driver);
    shop.clock.advance(60_000);
    await rig.seal();
    expect(await plainLinks(shop.driver)).toEqual(before);
    expect(rig.exported).toHaveLength(1);
  });

  it("stays whole when an attempt is reversed after it was sealed", async () => {
    const shop = await openFor(makeDriver);
    const sale = shop.request();
    await shop.authorize(sale);
    const rig = rigOf(shop);
    await rig.seal();
    await shop.reverse(sale.id);
    await rig.seal();
    expect(await rig.verify()).toMatchObject({ unsealed: [], faults: [] });
  });

  it("grows by bounded steps, and a sale that came meanwhile goes before the next one", async () => {
    const order: string[] = [];
    let sale: Promise<unknown> | null = null;
    const shop = await openFor(makeDriver, {
      wrap: (driver) => ({
        ...beforeAppend(() => {
          order.push("step");
          sale ??= shop.authorize();
        })(driver),
        apply(change) {
          order.push("sale");
          return driver.apply(change);
        },
      }),
    });
    await commitEvents(shop.driver, 2 * SEALED_PER_STEP_MAX + 1);
    const rig = rigOf(shop);
    await rig.seal();
    await sale;
    expect(order).toEqual(["step", "sale", "step", "step"]);
    await rig.seal();
    expect(await rig.verify()).toMatchObject({ unsealed: [], faults: [] });
  });

  it("reads a bounded number of rows in one go, and a sale that came meanwhile goes before the next", async () => {
    const order: string[] = [];
    let sale: Promise<unknown> | null = null;
    const shop = await openFor(makeDriver, {
      wrap: (driver) => ({
        ...driver,
        chain: {
          ...driver.chain,
          unsealed(query) {
            order.push("read");
            sale ??= shop.authorize();
            return driver.chain.unsealed(query);
          },
        },
        apply(change) {
          order.push("sale");
          return driver.apply(change);
        },
      }),
    });
    await commitEvents(shop.driver, READ_TOGETHER_MIN + 1);
    const rig = rigOf(shop);
    await rig.seal();
    await sale;
    // The last one finds nothing more.
    expect(order).toEqual(["read", "sale", "read", "read"]);
    expect(await rig.verify()).toMatchObject({ unsealed: [], faults: [] });
  });

  it("links no row twice where two steps run at once", async () => {
    const shop = await openFor(makeDriver);
    await shop.authorize();
    const { chain } = shop.store;
    const steps = await Promise.all([chain.seal(), chain.seal()]);
    expect(steps.map(({ sealed }) => sealed).sort()).toEqual([0, 2]);
    expect(await chainReport(shop.driver, null)).toMatchObject({ links: 2, faults: [] });
  });

  it("keeps one head of a link that two gateways sign", async () => {
    const shop = await openFor(makeDriver);
    await shop.authorize();
    const { chain } = shop.store;
    const { unsigned } = await chain.seal();
    if (unsigned === null) throw new Error("a sale is sealed");
    const head = { no: unsigned.no, hash: unsigned.hash, atMs: 1, signature: Buffer.alloc(64) };
    await chain.keepHead(head);
    await chain.keepHead({ ...head, atMs: 2 });
    expect(await collected(shop.driver.chain.heads())).toMatchObject([
      { no: unsigned.no, atMs: 1 },
    ]);
  });

  it("seals while sales run", async () => {
    const shop = await openFor(makeDriver, { cards: 8, grants: { SPECTACLE: 30_000 } });
    const rig = rigOf(shop);
    const sales = Array.from({ length: 160 }, (_, index) =>
      shop.authorize({ evidence: shop.card(index % 8).tap(), purchaseCents: 10 }),
    );
    const runs = Array.from({ length: 8 }, () => rig.seal());
    const codes = (await Promise.all(sales)).map(codeOf);
    await Promise.all(runs);
    await rig.seal();
    const { attempts, entries } = await shop.ledger();
    expect(codes.filter((code) => code === "APPROVED")).toHaveLength(entries.length);
    expect(await rig.verify()).toMatchObject({
      links: attempts.length + entries.length,
      unsealed: [],
      faults: [],
    });
    expect(rig.errors).toEqual([]);
  });

  it("goes on where it was when a step fails, and no sale is lost with it", async () => {
    let failures = 1;
    const fail = () => {
      failures -= 1;
      if (failures >= 0) throw new Error("disk");
    };
    const shop = await openFor(makeDriver, { wrap: beforeAppend(fail) });
    await shop.authorize();
    const rig = rigOf(shop);
    await rig.seal();
    expect(rig.errors).toHaveLength(1);
    expect(await rig.verify()).toMatchObject({ links: 0 });
    expect(codeOf(await shop.authorize())).toBe("APPROVED");
    await rig.seal();
    expect(await rig.verify()).toMatchObject({ links: 4, unsealed: [], faults: [] });
  });

  it("is signed by the next run where a head could not be exported", async () => {
    const shop = await openFor(makeDriver);
    await shop.authorize();
    const exportHead = vi.fn().mockRejectedValueOnce(new Error("unplugged"));
    const rig = rigOf(shop, { exportHead });
    await rig.seal();
    expect(await chainReport(shop.driver, null)).toMatchObject({ links: 2, heads: { count: 0 } });
    await rig.seal();
    expect(await chainReport(shop.driver, null)).toMatchObject({ heads: { count: 1, upTo: 2 } });
    expect(exportHead).toHaveBeenCalledTimes(2);
    expect(rig.errors).toHaveLength(1);
  });

  it("is signed twice where the process went down between export and commit, and both hold", async () => {
    let failures = 1;
    const shop = await openFor(makeDriver, {
      wrap: (driver) => ({
        ...driver,
        chain: {
          ...driver.chain,
          keepHead(head) {
            failures -= 1;
            if (failures >= 0) throw new Error("killed");
            return driver.chain.keepHead(head);
          },
        },
      }),
    });
    await shop.authorize();
    const rig = rigOf(shop);
    await rig.seal();
    shop.clock.advance(1);
    await rig.seal();
    expect(rig.exported.map(({ no }) => no)).toEqual([2, 2]);
    expect(await rig.verify()).toMatchObject({
      heads: { count: 1 },
      exportedHeads: { count: 2, upTo: 2 },
      faults: [],
    });
  });

  it("stops with its store when a commit is in doubt", async () => {
    const onDoubt = vi.fn();
    let isDoubtful = false;
    const shop = await openFor(makeDriver, {
      store: { onDoubt },
      wrap: (driver) => ({
        ...driver,
        sync() {
          if (isDoubtful) throw new Error("disk");
          return driver.sync();
        },
      }),
    });
    await shop.authorize();
    const rig = rigOf(shop);
    isDoubtful = true;
    await rig.seal();
    expect(onDoubt).toHaveBeenCalledTimes(1);
    expect(rig.errors).toEqual([expect.any(StoreStoppedError)]);
    await expect(shop.authorize()).rejects.toThrow(StoreStoppedError);
  });
}

describeDrivers((name) => `the chain of the ${name} store`, describeChain);

describeOtherDrivers(
  (name) => `one day in memory and on ${name}`,
  (makeDriver) => {
    it("gives the chain the same rows, field by field", async () => {
      const rowsOf = async (make: MakeDriver) => {
        const shop = await openFor(make, { grants: DAY_GRANTS });
        await playChainDay(shop);
        await rigOf(shop).seal();
        return (await plainLinks(shop.driver)).map(({ row }) => row);
      };
      const inMemory = await rowsOf(memoryDriver);
      expect(new Set(inMemory.map((row) => row?.source))).toEqual(new Set(CHAIN_SOURCES));
      expect(await rowsOf(makeDriver)).toEqual(inMemory);
    });
  },
);
