// A capture takes what is held, all or less, once, and nobody else's.

import { describe, expect, it } from "vitest";
import { codeOf, decisionOf } from "../../support/shop.js";
import { expectSound, hold, openAfterSale, sell, stateOf, unitsOf } from "./after-sale-shop.js";
import type { MakeDriver } from "./open.js";

export function describeCaptures(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("a hold", () => {
    it("is captured in part, and the rest is free at once", async () => {
      const shop = await open();
      const id = await hold(shop);
      const { answer } = decisionOf(await shop.capture(id, { amountCents: 3_500 }));
      expect(answer).toMatchObject({ code: "CAPTURED", released: { value: 6_500 } });
      expect(await unitsOf(shop)).toEqual([3_500]);
      expect(codeOf(await shop.authorize({ purchaseCents: 6_500 }))).toBe("APPROVED");
      expect(await stateOf(shop, id)).toBe("approved");
      await expectSound(shop);
    });

    it("captured whole, and then with its amount, gets its first answer", async () => {
      const shop = await open();
      const id = await hold(shop, 100);
      const first = decisionOf(await shop.capture(id));
      const again = decisionOf(await shop.capture(id, { amountCents: 100 }));
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
    });

    it("captured twice at once with one amount is taken once, and answered alike", async () => {
      const shop = await open();
      const id = await hold(shop);
      const [one, other] = await Promise.all([shop.capture(id), shop.capture(id)]);
      expect(decisionOf(one).answer).toEqual(decisionOf(other).answer);
      expect(codeOf(one)).toBe("CAPTURED");
      expect(await unitsOf(shop)).toEqual([10_000]);
      await expectSound(shop);
    });

    it("captured twice at once with two amounts has one winner", async () => {
      const shop = await open();
      const id = await hold(shop);
      const answers = await Promise.all([
        shop.capture(id, { amountCents: 6_000 }),
        shop.capture(id, { amountCents: 6_001 }),
      ]);
      expect(answers.map(codeOf).sort()).toEqual(["ALREADY_CAPTURED", "CAPTURED"]);
      expect(await unitsOf(shop)).toHaveLength(1);
      await expectSound(shop);
    });

    it("captured and reversed at once has one winner, and nothing is left taken", async () => {
      const shop = await open();
      const id = await hold(shop);
      const [captured, reversed] = await Promise.all([shop.capture(id), shop.reverse(id)]);
      expect([codeOf(captured), codeOf(reversed)]).toEqual(["CAPTURED", "REVERSED"]);
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.capture(id))).toBe("ALREADY_REVERSED");
      await expectSound(shop);
    });

    it("cannot be captured after it was voided, nor above what it keeps", async () => {
      const shop = await open();
      const id = await hold(shop);
      expect(codeOf(await shop.capture(id, { amountCents: 10_001 }))).toBe("CAPTURE_OVER_HOLD");
      const voided = decisionOf(await shop.reverse(id, { reason: "manual" }));
      expect(voided.answer).not.toHaveProperty("returned");
      expect(codeOf(await shop.capture(id))).toBe("ALREADY_REVERSED");
      expect(await unitsOf(shop)).toEqual([]);
      expect(codeOf(await shop.authorize({ purchaseCents: 10_000 }))).toBe("APPROVED");
      await expectSound(shop);
    });

    it("is captured by its own terminal alone", async () => {
      const shop = await open();
      const id = await hold(shop);
      expect(codeOf(await shop.capture(id, { terminal: shop.terminal(1) }))).toBe("notFound");
      expect(codeOf(await shop.capture(shop.newId()))).toBe("notFound");
    });

    it("of a sale that was final, declined or recorded is not there to capture", async () => {
      const shop = await open();
      const declined = shop.request({ purchaseCents: 0 });
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(declined);
      await shop.authorize(visit);
      for (const id of [await sell(shop), declined.id, visit.id]) {
        expect(codeOf(await shop.capture(id))).toBe("NOTHING_TO_CAPTURE");
      }
    });
  });
}
