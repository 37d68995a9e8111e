// Holds a batch that was read ahead to what its commands would have met one by one.

import { expect, it, onTestFinished } from "vitest";
import { testPostgres } from "../../../../tests/support/postgres/test-postgres.js";
import { codeOf, openShop, type Shop, type ShopOptions } from "../../../../tests/support/shop.js";
import { describeSystem } from "../../../../tests/support/suites.js";
import type { Ahead, Driver } from "../driver.js";
import { openPostgres } from "./driver.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

describeSystem("postgres")("a batch that is read ahead", () => {
  const postgres = testPostgres({
    prepare: async (url) => (await openPostgres({ url, ...IN_TESTS })).close(),
  });

  /** A shop on a driver whose parts a test may watch or spoil. */
  async function open(
    options: ShopOptions,
    change: (driver: Driver) => Partial<Driver> = () => ({}),
  ) {
    const driver = await openPostgres({ url: (await postgres.database()).url, ...IN_TESTS });
    const shop = await openShop({ ...driver, ...change(driver) }, options);
    onTestFinished(() => shop.store.close());
    return { shop, driver };
  }

  /** Sells by a tap of each of these cards in one batch; says what each was answered. */
  async function sellTogether(shop: Shop, cards: readonly number[]) {
    const answers = await Promise.all(
      cards.map((card, at) => {
        const request = shop.request({ evidence: shop.card(card).tap() });
        const terminalId = shop.terminal(at).id;
        return shop.store.execute({
          type: "authorize",
          terminalId,
          request,
          receivedAtMonotonicMs: 0,
        });
      }),
    );
    return answers.map(codeOf);
  }

  it("is told of all its sales at once", async () => {
    const asked: Ahead[][] = [];
    const { shop } = await open({ cards: 3, terminals: 3 }, ({ ahead }) => {
      if (!ahead) throw new Error("a server is some way away");
      return {
        ahead: {
          read: (batch) => {
            asked.push([...batch]);
            return ahead.read(batch);
          },
          settle: ahead.settle,
        },
      };
    });
    expect(await sellTogether(shop, [0, 1, 2])).toEqual(["APPROVED", "APPROVED", "APPROVED"]);
    expect(asked.map((batch) => batch.length)).toEqual([3]);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("sees what its first sale took when its second draws on the same grant", async () => {
    const { shop } = await open({ cards: 1, terminals: 3, grants: { SPECTACLE: 3000 } });
    const request = () => shop.request({ purchaseCents: 2000, evidence: shop.card().tap() });
    const answers = await Promise.all(
      [0, 1, 2].map((at) =>
        shop.store.execute({
          type: "authorize",
          terminalId: shop.terminal(at).id,
          request: { ...request(), exact: true },
          receivedAtMonotonicMs: 0,
        }),
      ),
    );
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === "APPROVED")).toHaveLength(1);
    expect((await shop.store.verify()).faults).toEqual([]);
  });

  it("gives one answer to an id that is in it twice", async () => {
    const { shop } = await open({ cards: 1 });
    const request = shop.request({ evidence: shop.card().tap() });
    const command = { type: "authorize", terminalId: shop.terminal().id, request } as const;
    const [first, second] = await Promise.all(
      [0, 0].map((receivedAtMonotonicMs) =>
        shop.store.execute({ ...command, receivedAtMonotonicMs }),
      ),
    );
    if (first?.type !== "decision" || second?.type !== "decision") throw new Error("both decided");
    expect(second.answer).toEqual(first.answer);
    expect([first.replayed, second.replayed].filter(Boolean)).toHaveLength(1);
  });

  it("loses a sale that meets a bug, and no other", async () => {
    let isSpoiled = false;
    const runs: (readonly Ahead[])[] = [];
    const { shop } = await open({ cards: 3, terminals: 3 }, (driver) => ({
      ...(driver.ahead && {
        ahead: {
          read: (batch: readonly Ahead[]) => {
            runs.push(batch);
            return driver.ahead?.read(batch) ?? Promise.resolve();
          },
          settle: driver.ahead.settle,
        },
      }),
      apply(change) {
        const isVictim = isSpoiled && change.terminalId === shop.terminal(1).id;
        const effects = change.effects.map((effect) =>
          effect.type === "advanceCardCounter" ? { ...effect, from: effect.from + 1 } : effect,
        );
        return driver.apply(isVictim ? { ...change, effects } : change);
      },
    }));
    isSpoiled = true;
    expect(await sellTogether(shop, [0, 1, 2])).toEqual(["APPROVED", "bug", "APPROVED"]);
    expect(runs.map((batch) => batch.length)).toEqual([3]);
    const { attempts, faults } = await shop.store.verify();
    expect([attempts, faults]).toEqual([2, []]);
  });

  it("knows that a card is not there", async () => {
    const { shop, driver } = await open({ cards: 1 });
    const terminalId = shop.terminal().id;
    const unknown = Buffer.alloc(32, 7);
    const query = {
      terminalId,
      locator: { by: "identifier", index: unknown },
      appCodeKey: null,
      salesSinceMs: null,
    } as const;
    await driver.begin();
    await driver.ahead?.read([{ ...query, id: shop.newId() }]);
    expect((await driver.readCase(query))?.snapshot.card).toBeNull();
    await driver.rollback();
  });
});
