// A cashier may reverse until the sale's settlement period ends; afterwards there is the refund.

import { describe, expect, it } from "vitest";
import { codeOf } from "../../support/shop.js";
import { expectSound, hold, openAfterSale, sell } from "./after-sale-shop.js";
import type { MakeDriver } from "./open.js";

/** The Sunday after the tests' Wednesday ends in Paris, and with it the settlement's period. */
const CUTOFF_MS = Date.parse("2023-03-19T23:00:00Z");

export function describeReversalsByPeriod(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("a reversal and the settlement", () => {
    it("goes together until the period ends; then a cashier refunds, and a terminal in doubt is answered", async () => {
      const shop = await open();
      const [first, second, third] = [
        await sell(shop, 100),
        await sell(shop, 200),
        await sell(shop, 300),
      ];
      shop.clock.setNow(CUTOFF_MS - 1);
      expect(codeOf(await shop.reverse(first, { reason: "manual" }))).toBe("REVERSED");
      shop.clock.setNow(CUTOFF_MS);
      expect(codeOf(await shop.reverse(second, { reason: "manual" }))).toBe("REVERSAL_TOO_LATE");
      expect(await shop.spent("SPECTACLE")).toBe(500);
      expect(codeOf(await shop.refund(second))).toBe("REFUNDED");
      expect(codeOf(await shop.reverse(third))).toBe("REVERSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
      await expectSound(shop);
    });

    it("leaves a recorded visit to be undone at any time: nothing was taken that could be refunded", async () => {
      const shop = await open();
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(visit);
      shop.clock.setNow(CUTOFF_MS);
      expect(codeOf(await shop.reverse(visit.id, { reason: "manual" }))).toBe("REVERSED");
      await expectSound(shop);
    });

    it("counts from the capture, where there is one", async () => {
      const shop = await open();
      shop.clock.setNow(CUTOFF_MS - 60_000);
      const id = await hold(shop, 100);
      shop.clock.setNow(CUTOFF_MS + 60_000);
      expect(codeOf(await shop.capture(id))).toBe("CAPTURED");
      expect(codeOf(await shop.reverse(id, { reason: "manual" }))).toBe("REVERSED");
      await expectSound(shop);
    });
  });
}
