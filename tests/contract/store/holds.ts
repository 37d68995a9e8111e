// A hold keeps its amount from other sales until it is captured, undone or over, and is over at its very instant.

import { describe, expect, it } from "vitest";
import { programmeWith } from "../../support/builders.js";
import { codeOf, decisionOf } from "../../support/shop.js";
import { expectSound, GRANTS, hold, openAfterSale, stateOf, unitsOf } from "./after-sale-shop.js";
import { type MakeDriver, openFor } from "./open.js";

const HALF_AN_HOUR_MS = 30 * 60_000;

export function describeHolds(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("a hold", () => {
    it("keeps its amount from other sales, and takes nothing", async () => {
      const shop = await open();
      const id = await hold(shop, 6_000);
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.authorize({ purchaseCents: 5_000, exact: true }))).toBe(
        "INSUFFICIENT_BALANCE",
      );
      expect(codeOf(await shop.authorize({ purchaseCents: 4_000 }))).toBe("APPROVED");
      expect(await stateOf(shop, id)).toBe("held");
      await expectSound(shop);
    });

    it("expires at its very instant: seen on read, and free for another sale", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS - 1);
      expect(await stateOf(shop, id)).toBe("held");
      shop.clock.advance(1);
      expect(await stateOf(shop, id)).toBe("expired");
      expect((await shop.ledger()).holds).toHaveLength(1);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      expect((await shop.ledger()).holds).toEqual([]);
      expect(await stateOf(shop, id)).toBe("expired");
      await expectSound(shop);
    });

    it("captured at the instant of its expiry comes too late, a millisecond before it does not", async () => {
      const shop = await open();
      const [early, late] = [await hold(shop, 1_000), await hold(shop, 1_000)];
      shop.clock.advance(HALF_AN_HOUR_MS - 1);
      expect(codeOf(await shop.capture(early))).toBe("CAPTURED");
      shop.clock.advance(1);
      expect(codeOf(await shop.capture(late))).toBe("HOLD_EXPIRED");
      expect(await unitsOf(shop)).toEqual([1_000]);
      await expectSound(shop);
    });

    it("that was seen as expired stays so, where the clock steps back", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      shop.clock.advance(-HALF_AN_HOUR_MS);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      expect(await unitsOf(shop)).toEqual([10_000]);
      await expectSound(shop);
    });

    it("counts as one of the account's sales, before its end and after it", async () => {
      const velocity = { salesMax: 1, withinMs: 60 * 60_000 };
      const programme = programmeWith({ settings: { velocity } });
      const shop = await openFor(makeDriver, { grants: GRANTS, programme });
      await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      const buy = async () => codeOf(await shop.authorize({ purchaseCents: 100 }));
      expect([await buy(), await buy()]).toEqual(["VELOCITY_LIMIT", "VELOCITY_LIMIT"]);
    });

    it("waits for its capture in the till's day until it is over, and not beyond", async () => {
      const shop = await open();
      await hold(shop);
      const waiting = async () => {
        const day = { terminalId: "terminal-0", fromMs: 0, toMs: shop.clock.nowMs() + 1 };
        return (await shop.store.tillDay(day)).held;
      };
      expect(await waiting()).toBe(1);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(await waiting()).toBe(0);
    });

    it("is told as held, and not as used up, to another sale", async () => {
      const shop = await open();
      await hold(shop);
      const { answer } = decisionOf(await shop.authorize({ purchaseCents: 100 }));
      expect(answer).toMatchObject({ code: "BALANCE_EXHAUSTED", reason: "HELD" });
    });

    it("whose capture came too late is over for good, where the clock steps back", async () => {
      const shop = await open();
      const id = await hold(shop);
      shop.clock.advance(HALF_AN_HOUR_MS);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      shop.clock.setNow(shop.clock.nowMs() - 60_000);
      expect(codeOf(await shop.capture(id))).toBe("HOLD_EXPIRED");
      expect(await stateOf(shop, id)).toBe("expired");
      await expectSound(shop);
    });

    it("keeps what it promised when the avantage is suspended or revoked afterwards", async () => {
      const shop = await open();
      const id = await hold(shop);
      await shop.send({
        type: "grants.revoked",
        beneficiary: "account-0",
        campaign: "2022/2023",
        avantages: "ALL",
      });
      expect(codeOf(await shop.capture(id))).toBe("CAPTURED");
      await expectSound(shop);
    });
  });
}
