// A refund gives back what was taken and no more, once, whatever is asked for at the same time.

import { describe, expect, it } from "vitest";
import { codeOf, decisionOf } from "../../support/shop.js";
import { expectSound, openAfterSale, sell, unitsOf } from "./after-sale-shop.js";
import { type MakeDriver, openFor } from "./open.js";

export function describeRefunds(makeDriver: MakeDriver): void {
  const open = () => openAfterSale(makeDriver);

  describe("a refund", () => {
    it("of 60 and 60 on 100 gives back one of them, at once and one after the other", async () => {
      const shop = await open();
      const id = await sell(shop);
      const sixty = () => shop.refund(id, { amountCents: 6_000 });
      expect((await Promise.all([sixty(), sixty()])).map(codeOf).sort()).toEqual([
        "REFUNDED",
        "REFUND_OVER_CAPTURED",
      ]);
      expect(codeOf(await sixty())).toBe("REFUND_OVER_CAPTURED");
      expect(codeOf(await shop.refund(id, { amountCents: 4_000 }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(id))).toBe("REFUND_OVER_CAPTURED");
      expect(await unitsOf(shop)).toEqual([10_000, -6_000, -4_000]);
      await expectSound(shop);
    });

    it("under one id is made once, and its id is good for no other", async () => {
      const shop = await open();
      const id = await sell(shop);
      const refundId = shop.newId();
      const first = decisionOf(await shop.refund(id, { id: refundId, amountCents: 100 }));
      const again = decisionOf(await shop.refund(id, { id: refundId, amountCents: 100 }));
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
      expect(codeOf(await shop.refund(id, { id: refundId, amountCents: 101 }))).toBe("conflict");
      const other = await sell(shop, 50);
      expect(codeOf(await shop.refund(other, { id: refundId, amountCents: 100 }))).toBe("conflict");
      expect(await unitsOf(shop)).toEqual([10_000, -100, 50]);
      await expectSound(shop);
    });

    it("after the window goes back to its grant, where it can be used no more", async () => {
      const shop = await open();
      const id = await sell(shop);
      shop.clock.setNow(Date.parse("2023-12-24T10:00:00Z"));
      const { answer } = decisionOf(await shop.refund(id, { amountCents: 4_000 }));
      expect(answer).toMatchObject({ code: "REFUNDED", usableUntil: "2023-06-30" });
      expect(answer.message).toContain("ne peut plus être utilisé");
      expect(await shop.spent("SPECTACLE")).toBe(6_000);
      expect(codeOf(await shop.authorize({ purchaseCents: 100 }))).toBe("WINDOW_CLOSED");
      await expectSound(shop);
    });

    it("of seats gives seats back, and no cents", async () => {
      const shop = await open();
      const request = shop.request({ avantage: "CINEMA", quantity: 3, purchaseCents: undefined });
      await shop.authorize(request);
      expect(codeOf(await shop.refund(request.id, { amountCents: 200 }))).toBe("QUANTITY_INVALID");
      const { answer } = decisionOf(await shop.refund(request.id, { quantity: 2 }));
      expect(answer).toMatchObject({
        returned: { unit: "SEAT", value: 2 },
        refundable: { unit: "SEAT", value: 1 },
      });
      expect(await shop.spent("CINEMA")).toBe(1);
      await expectSound(shop);
    });

    it("of a single use opens it again once all of it is back", async () => {
      const shop = await openFor(makeDriver, { grants: { LICENCE: 3_000 } });
      const request = shop.request({ avantage: "LICENCE", purchaseCents: 3_000 });
      await shop.authorize(request);
      const part = decisionOf(await shop.refund(request.id, { amountCents: 1_000 }));
      expect(part.answer.message).toContain("ne peut plus être utilisé");
      const again = () => shop.authorize({ avantage: "LICENCE", purchaseCents: 3_000 });
      expect(codeOf(await again())).toBe("ALREADY_USED");
      const rest = decisionOf(await shop.refund(request.id));
      expect(rest.answer.message).not.toContain("ne peut plus");
      expect(codeOf(await again())).toBe("APPROVED");
      await expectSound(shop);
    });

    it("of seats is no refund of as many cents under the same id", async () => {
      const shop = await open();
      const request = shop.request({ avantage: "CINEMA", quantity: 3, purchaseCents: undefined });
      await shop.authorize(request);
      const id = shop.newId();
      expect(codeOf(await shop.refund(request.id, { id, quantity: 2 }))).toBe("REFUNDED");
      expect(codeOf(await shop.refund(request.id, { id, amountCents: 2 }))).toBe("conflict");
    });

    it("and a reversal at once give back what was taken, and no more", async () => {
      const shop = await open();
      const id = await sell(shop);
      const [refunded, reversed] = await Promise.all([
        shop.refund(id, { amountCents: 6_000 }),
        shop.reverse(id),
      ]);
      expect([codeOf(refunded), codeOf(reversed)]).toEqual(["REFUNDED", "REVERSED"]);
      expect(decisionOf(reversed).answer).toMatchObject({ returned: { value: 4_000 } });
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect(codeOf(await shop.refund(id, { amountCents: 1 }))).toBe("ALREADY_REVERSED");
      await expectSound(shop);
    });
  });
}
