// What a sale reads beside card and grants: suspensions in force, visits at this door, recent sales, the day's taps.

import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../gateway/src/core/model.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { RECENT_SALES_MAX } from "../../../gateway/src/store/driver.js";
import { programmeWith } from "../../support/builders.js";
import { TEST_PROGRAMME } from "../../support/programme.js";
import { codeOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const MINUTE_MS = 60_000;

async function snapshotOf(shop: Shop, change: CaseChange = {}): Promise<Snapshot> {
  const rows = await shop.driver.readCase({
    terminalId: "terminal-0",
    locator: { by: "number", index: shop.card().record().numberIndex },
    appCodeKey: null,
    salesSinceMs: null,
    ...change,
  });
  if (!rows) throw new Error("the terminal is known");
  return rows.snapshot;
}

interface CaseChange {
  readonly terminalId?: string;
  readonly salesSinceMs?: number | null;
}

/** The test programme with a ceiling on what its cards' taps may take. */
export function withCeilings(ceilings: { tapCents: number; dayCents: number }): Programme {
  const [generation] = TEST_PROGRAMME.generations.values();
  if (!generation) throw new Error("the programme has a generation");
  const generations = new Map(TEST_PROGRAMME.generations);
  return { ...TEST_PROGRAMME, generations: generations.set("2022", { ...generation, ceilings }) };
}

export function describeCases(makeDriver: MakeDriver): void {
  describe("a visit", () => {
    const visit = (shop: Shop, terminal = 0) =>
      shop.authorize({ avantage: "MUSEE", purchaseCents: undefined }, shop.terminal(terminal));

    it("is known at its door within a minute, and is another one after it", async () => {
      const shop = await openFor(makeDriver, { grants: { MUSEE: 0 } });
      expect(codeOf(await visit(shop))).toBe("APPROVED_RECORD");
      shop.clock.advance(MINUTE_MS - 1);
      expect(codeOf(await visit(shop, 1))).toBe("APPROVED_SAME_VISIT");
      const { visits } = await snapshotOf(shop);
      expect(visits).toEqual([{ avantage: "MUSEE", atMs: shop.clock.nowMs() - MINUTE_MS + 1 }]);
      shop.clock.advance(1);
      expect(codeOf(await visit(shop))).toBe("APPROVED_RECORD");
    });

    it("is not known at another door", async () => {
      const shop = await openFor(makeDriver, { grants: { MUSEE: 0 } });
      await visit(shop);
      await shop.store.load({
        pointsOfSale: [{ id: "pos-2", partnerId: "partner-1", name: "Annexe", city: "Lyon" }],
        terminals: [shop.terminal(1).record({ pointOfSaleId: "pos-2" })],
      });
      expect(await snapshotOf(shop, { terminalId: "terminal-1" })).toMatchObject({ visits: [] });
      expect(codeOf(await visit(shop, 1))).toBe("APPROVED_RECORD");
    });

    it("that was reversed is forgotten, unless another one has taken its place", async () => {
      const shop = await openFor(makeDriver, { grants: { MUSEE: 0 } });
      const first = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(first);
      await shop.reverse(first.id);
      expect(await snapshotOf(shop)).toMatchObject({ visits: [] });
      const second = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(second);
      shop.clock.advance(MINUTE_MS);
      await visit(shop);
      await shop.reverse(second.id);
      expect((await snapshotOf(shop)).visits).toHaveLength(1);
      expect((await shop.store.verify()).faults).toEqual([]);
    });
  });

  describe("what taps took", () => {
    it("adds up over a Paris day, and begins anew the next", async () => {
      const shop = await openFor(makeDriver, {
        programme: withCeilings({ tapCents: 2000, dayCents: 2500 }),
      });
      const buy = async (purchaseCents: number) => codeOf(await shop.authorize({ purchaseCents }));
      expect([await buy(1000), await buy(1000), await buy(600)]).toEqual([
        "APPROVED",
        "APPROVED",
        "PIN_REQUIRED",
      ]);
      const [card] = (await shop.ledger()).cards;
      expect(card?.tapped).toEqual({ day: "2023-03-15", cents: 2000 });
      // 23:00 UTC on the 15th is the 16th in Paris.
      shop.clock.setNow(Date.parse("2023-03-15T23:00:00Z"));
      expect(await buy(600)).toBe("APPROVED");
      expect((await snapshotOf(shop)).card?.tapped).toEqual({ day: "2023-03-16", cents: 600 });
      expect((await shop.store.replay()).differences).toEqual([]);
    });

    it("is not counted where a code secret was typed", async () => {
      const shop = await openFor(makeDriver, {
        programme: withCeilings({ tapCents: 2000, dayCents: 2500 }),
      });
      await shop.authorize({ evidence: shop.terminal().scan(shop.card()), purchaseCents: 2500 });
      expect((await snapshotOf(shop)).card?.tapped).toBeNull();
    });
  });

  describe("the account's recent sales", () => {
    it("are its approved ones since an instant, the oldest first", async () => {
      const shop = await openFor(makeDriver, { cards: 2 });
      const startMs = shop.clock.nowMs();
      await shop.authorize({ purchaseCents: 1 });
      shop.clock.advance(10);
      const reversed = shop.request({ purchaseCents: 1 });
      await shop.authorize(reversed);
      await shop.reverse(reversed.id);
      await shop.authorize({ purchaseCents: 0 });
      await shop.inquire({ evidence: shop.card().tap() });
      await shop.authorize({ evidence: shop.card(1).tap() });
      await shop.authorize({ purchaseCents: 1 });
      shop.clock.advance(10);
      await shop.authorize({ purchaseCents: 1 });
      const since = async (salesSinceMs: number | null) =>
        (await snapshotOf(shop, { salesSinceMs })).recentSalesMs;
      expect(await since(startMs)).toEqual([startMs, startMs + 10, startMs + 20]);
      expect(await since(startMs + 1)).toEqual([startMs + 10, startMs + 20]);
      expect(await since(null)).toEqual([]);
    });

    it("are the newest, so many at most", async () => {
      const shop = await openFor(makeDriver);
      const startMs = shop.clock.nowMs();
      for (let index = 0; index <= RECENT_SALES_MAX; index += 1) {
        await shop.authorize({ purchaseCents: 1 });
        shop.clock.advance(1);
      }
      const { recentSalesMs } = await snapshotOf(shop, { salesSinceMs: 0 });
      expect(recentSalesMs).toHaveLength(RECENT_SALES_MAX);
      expect(recentSalesMs[0]).toBe(startMs + 1);
    });

    it("limit the next one where the programme says so", async () => {
      const velocity = { salesMax: 2, withinMs: MINUTE_MS };
      const shop = await openFor(makeDriver, {
        programme: programmeWith({ settings: { velocity } }),
      });
      const buy = async () => codeOf(await shop.authorize({ purchaseCents: 1 }));
      expect([await buy(), await buy(), await buy()]).toEqual([
        "APPROVED",
        "APPROVED",
        "VELOCITY_LIMIT",
      ]);
      shop.clock.advance(MINUTE_MS);
      expect(await buy()).toBe("APPROVED");
      expect((await shop.store.replay()).differences).toEqual([]);
    });
  });

  describe("a grant's supplement", () => {
    it("is drawn where the partner carries its flag, and nowhere else", async () => {
      const shop = await openFor(makeDriver, { grants: {} });
      const [own] = TEST_PROGRAMME.vocabulary.partnerFlags;
      if (own === undefined) throw new Error("the programme has a flag");
      const [grant] = (await openFor(makeDriver)).batch.grants ?? [];
      if (!grant) throw new Error("a shop has a grant");
      const supplement = { amount: 500, partnerFlag: own };
      const ageWindow = { fromMs: 1, toMs: Number.MAX_SAFE_INTEGER };
      await shop.store.load({ grants: [{ ...grant, amount: 1000, supplement, ageWindow }] });
      await shop.changePartner({ flags: [] });
      const buy = async (purchaseCents: number) =>
        codeOf(await shop.authorize({ purchaseCents, exact: true }));
      expect(await buy(1500)).toBe("INSUFFICIENT_BALANCE");
      await shop.changePartner({ flags: [own] });
      expect(await buy(1500)).toBe("APPROVED");
      expect((await snapshotOf(shop)).grants).toMatchObject([
        { amount: 1000, supplement, ageWindow, spent: 1500, revoked: false },
      ]);
      expect((await shop.store.verify()).faults).toEqual([]);
    });
  });
}
