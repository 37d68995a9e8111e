// Which sale a refund finds: its own partner's, of any till and card, and none that took nothing.

import { describe, expect, it } from "vitest";
import { codeOf } from "../../support/shop.js";
import { expectSound, hold, openAfterSale, sell, unitsOf } from "./after-sale-shop.js";
import type { MakeDriver } from "./open.js";

export function describeRefundedSales(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("a refund", () => {
    it("of a sale on the old card goes to the person, while a sale runs on the new one", async () => {
      const shop = await open();
      const id = await sell(shop, 6_000);
      const replacement = shop.newCard("account-0");
      await shop.store.load({
        cards: [shop.card().record({ status: "REPLACED" }), replacement.record()],
      });
      const buy = { evidence: replacement.tap(), purchaseCents: 8_000 };
      const [refunded, bought] = await Promise.all([shop.refund(id), shop.authorize(buy)]);
      expect(codeOf(refunded)).toBe("REFUNDED");
      // Whichever comes first: what is taken in all never exceeds the grant, and nothing is lost.
      expect(["APPROVED", "APPROVED_PARTIAL"]).toContain(codeOf(bought));
      const entries = await unitsOf(shop);
      expect(entries.reduce((sum, units) => sum + units, 0)).toBe(await shop.spent("SPECTACLE"));
      expect(await shop.spent("SPECTACLE")).toBeLessThanOrEqual(8_000);
      await expectSound(shop);
    });

    it("is made at any till of the partner, and at none of another", async () => {
      const shop = await open();
      const id = await sell(shop);
      const elsewhere = { terminal: shop.terminal(1) };
      expect(codeOf(await shop.refund(id, { ...elsewhere, amountCents: 100 }))).toBe("REFUNDED");
      await shop.store.load({
        partners: [{ ...(shop.batch.partners?.[0] ?? never()), id: "partner-2", conventions: [] }],
        pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
        terminals: [shop.terminal(1).record({ pointOfSaleId: "pos-2" })],
      });
      expect(codeOf(await shop.refund(id, { ...elsewhere, amountCents: 100 }))).toBe("notFound");
      expect(codeOf(await shop.refund(shop.newId()))).toBe("notFound");
      expect(await unitsOf(shop)).toEqual([10_000, -100]);
    });

    it("finds a sale of its partner whose terminal has moved to another since", async () => {
      const shop = await open();
      const id = await sell(shop, 1_000);
      await shop.store.load({
        partners: [{ ...(shop.batch.partners?.[0] ?? never()), id: "partner-2", conventions: [] }],
        pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Ailleurs", city: "Lyon" }],
        terminals: [shop.terminal(0).record({ pointOfSaleId: "pos-2" })],
      });
      expect(codeOf(await shop.refund(id, { terminal: shop.terminal(1) }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(id, { terminal: shop.terminal(0) }))).toBe("notFound");
      await expectSound(shop);
    });

    it("of a sale that is held, reversed, declined or recorded finds nothing to give", async () => {
      const shop = await open();
      const held = await hold(shop, 100);
      const reversed = await sell(shop, 100);
      await shop.reverse(reversed);
      const declined = shop.request({ purchaseCents: 0 });
      await shop.authorize(declined);
      const visit = shop.request({ avantage: "MUSEE", purchaseCents: undefined });
      await shop.authorize(visit);
      const codes = [];
      for (const id of [held, reversed, declined.id, visit.id]) {
        codes.push(codeOf(await shop.refund(id)));
      }
      expect(codes).toEqual([
        "NOTHING_TO_REFUND",
        "ALREADY_REVERSED",
        "NOTHING_TO_REFUND",
        "NOTHING_TO_REFUND",
      ]);
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("of what two terminals of one partner sold under one id is refused: nobody knows which", async () => {
      const shop = await open();
      const request = shop.request({ purchaseCents: 100 });
      await shop.authorize(request);
      await shop.authorize({ ...request, evidence: shop.card().tap() }, shop.terminal(1));
      expect(codeOf(await shop.refund(request.id))).toBe("notFound");
      const named = await shop.store.execute({
        type: "refund",
        asker: { kind: "terminal", terminalId: "terminal-0" },
        of: { terminalId: "terminal-1", id: request.id },
        request: { id: shop.newId() },
      });
      expect(codeOf(named)).toBe("REFUNDED");
      await expectSound(shop);
    });
  });
}

function never(): never {
  throw new Error("the shop has a partner");
}
