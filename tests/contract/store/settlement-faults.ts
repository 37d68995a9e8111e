// Two cut-offs at once, and one that is stopped anywhere: nothing is doubled and nothing is missed.

import { describe, expect, it } from "vitest";
import { BugError } from "../../../gateway/src/core/assert.js";
import type { SettlementStore } from "../../../gateway/src/core/settlement/ports.js";
import type { Driver } from "../../../gateway/src/store/driver.js";
import { StoreStoppedError } from "../../../gateway/src/store/engine.js";
import type { MakeDriver } from "./open.js";
import {
  type Books,
  declared,
  FIRST,
  linesOf,
  openBooks,
  returned,
  SECOND,
  settlementsOf,
  THIRD,
} from "./settlement-books.js";

/** A driver whose process dies at its commit of a number: with what was open lost before it, or all of it stored. */
function crashing(at: number, when: "before" | "after") {
  const state = { commits: 0, crashed: false, armed: false };
  const wrap = (driver: Driver): Driver => ({
    ...driver,
    async sync() {
      if (state.armed) state.commits += 1;
      const isNow = state.armed && !state.crashed && state.commits === at;
      if (isNow) state.crashed = true;
      await (isNow && when === "before" ? driver.rollback() : driver.sync());
      if (isNow) throw new Error("died");
    },
  });
  return { state, wrap };
}

/** Two partners with something to be paid, one of them with something held, and something given back. */
async function trade(shop: Books): Promise<void> {
  await shop.tell(declared([], { partner: "partner-2" }));
  await shop.sell("EQUIPEMENT", 6_000);
  await shop.sell("EQUIPEMENT", 4_000, { terminal: 1 });
  const sale = await shop.sell("SPECTACLE", 2_000);
  await shop.refund(sale, { amountCents: 500 });
  shop.clock.setNow(FIRST.cutoffMs);
}

async function outcomeOf(books: SettlementStore) {
  const lines = await linesOf(books);
  return {
    lines: lines.map(({ saleId: _, refundId: __, ...line }) => line),
    payments: await books.payments(FIRST.lastDay),
    file: await books.paymentFile(FIRST.lastDay),
    sums: await books.sums(FIRST.lastDay),
  };
}

export function describeSettlementFaults(makeDriver: MakeDriver): void {
  describe("a cut-off", () => {
    it("made five times at once is made once", async () => {
      const shop = await openBooks(makeDriver);
      await trade(shop);
      const settle = () => shop.settlements.settle(FIRST.lastDay);
      const results = await Promise.all(Array.from({ length: 5 }, settle));
      const [report] = await shop.settlements.list();
      for (const result of results) expect(result).toEqual({ type: "settled", report });
      expect(await shop.books.payments(FIRST.lastDay)).toMatchObject([
        { partnerId: "partner-1", no: 1, amountCents: 1_500 },
        { partnerId: "partner-2", no: 2, amountCents: 4_000 },
      ]);
    });

    it.each(["before", "after"] as const)(
      "stopped %s any of its commits goes on to the same end",
      async (when) => {
        const whole = await openBooks(makeDriver);
        await trade(whole);
        await whole.settlements.settle(FIRST.lastDay);
        const expected = await outcomeOf(whole.books);
        expect(expected.payments).toHaveLength(2);
        for (let at = 1; ; at += 1) {
          const { state, wrap } = crashing(at, when);
          const shop = await openBooks(makeDriver, { wrap });
          await trade(shop);
          state.armed = true;
          const first = await Promise.allSettled([shop.settlements.settle(FIRST.lastDay)]);
          if (!state.crashed) {
            // Accrual, the beginning, two partners and the file.
            expect(at).toBeGreaterThan(5);
            return;
          }
          expect(first).toMatchObject([
            { status: "rejected", reason: expect.any(StoreStoppedError) },
          ]);
          const books = shop.openStore(shop.driver).settlement;
          await settlementsOf(shop, books).settle(FIRST.lastDay);
          expect(await outcomeOf(books)).toEqual(expected);
        }
      },
    );

    it("that was begun and forgotten is closed with the next one, before it", async () => {
      const shop = await openBooks(makeDriver);
      await shop.sell("SPECTACLE", 1_000);
      await shop.sell("SPECTACLE", 2_000, { terminal: 1 });
      await shop.accrue();
      shop.clock.setNow(FIRST.cutoffMs + 60_000);
      await shop.books.beginSettlement(FIRST);
      await shop.books.settlePartner({ settlement: FIRST.lastDay, partnerId: "partner-1" });
      await shop.sell("SPECTACLE", 300);
      expect(await shop.settle(SECOND)).toMatchObject([{ amountCents: 300 }]);
      expect(await shop.books.payments(FIRST.lastDay)).toMatchObject([
        { partnerId: "partner-1", amountCents: 1_000 },
        { partnerId: "partner-2", amountCents: 2_000 },
      ]);
      const reports = await shop.settlements.list();
      expect(reports.map(({ lastDay, state }) => [lastDay, state])).toEqual([
        [FIRST.lastDay, "filed"],
        [SECOND.lastDay, "filed"],
      ]);
      // A bank carries out no file of last week: it is of the instant at which it was made, and stays so.
      const file = await shop.settlements.paymentFile(FIRST.lastDay);
      const madeAt = new Date(SECOND.cutoffMs + 60_000).toISOString();
      const text = new TextDecoder().decode(file ?? undefined);
      expect(text).toContain(`<CreDtTm>${madeAt}</CreDtTm>`);
      expect(text).toContain("<ReqdExctnDt><Dt>2023-03-28</Dt></ReqdExctnDt>");
      shop.clock.setNow(THIRD.cutoffMs);
      await shop.settlements.settle(FIRST.lastDay);
      expect(await shop.settlements.paymentFile(FIRST.lastDay)).toEqual(file);
    });

    it("is made again where its files were made of other payments or returns than there are", async () => {
      const state = { between: async () => {} };
      const shop = await openBooks(makeDriver);
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      const books: SettlementStore = {
        ...shop.books,
        async fileSettlement(lastDay, made) {
          await state.between();
          return shop.books.fileSettlement(lastDay, made);
        },
      };
      state.between = async () => {
        state.between = async () => {};
        // Another run books the return in a settlement of its own, after these accounts were made.
        const returns = await shop.books.returnsToBook();
        await shop.books.beginSettlement(THIRD);
        const made = { file: new Uint8Array(0), accounts: "virement rejeté", payments: 0, returns };
        await shop.books.fileSettlement(THIRD.lastDay, made);
      };
      shop.clock.setNow(SECOND.cutoffMs);
      await settlementsOf(shop, books).settle(SECOND.lastDay);
      const accounts = [SECOND, THIRD].map(({ lastDay }) => shop.books.accounts(lastDay));
      const booked = (await Promise.all(accounts)).map((it) => it?.includes("virement rejeté"));
      expect(booked.filter(Boolean)).toHaveLength(1);
    });

    it("that meets a bug in the middle of a partner leaves it as it was, and goes on later", async () => {
      const state = { failing: true };
      const shop = await openBooks(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          settlement: {
            ...driver.settlement,
            async moveBundle(query, to) {
              const moved = await driver.settlement.moveBundle(query, to);
              return state.failing && to.state === "BATCHED" ? moved + 1 : moved;
            },
          },
        }),
      });
      await trade(shop);
      await expect(shop.settlements.settle(FIRST.lastDay)).rejects.toThrow(BugError);
      expect(await shop.books.payments(FIRST.lastDay)).toEqual([]);
      expect((await shop.lines()).every(({ state: it }) => it === "ACCRUED")).toBe(true);
      state.failing = false;
      await shop.settlements.settle(FIRST.lastDay);
      expect(await shop.books.payments(FIRST.lastDay)).toHaveLength(2);
    });
  });
}
