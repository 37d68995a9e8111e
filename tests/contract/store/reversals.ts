// A reversal gives back exactly what was taken, once, and also when it comes first or long after.

import { describe, expect, it } from "vitest";
import { codeOf, decisionOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const unitsOf = async (shop: Shop) => (await shop.ledger()).entries.map(({ units }) => units);

/** Sells; afterwards the card is blocked and the partner suspended, so that nothing more can be sold. Returns the id. */
async function sellBeforeTrouble(shop: Shop): Promise<string> {
  const request = shop.request();
  await shop.authorize(request);
  await shop.store.load({ cards: [shop.card().record({ status: "BLOCKED" })] });
  await shop.changePartner({ status: "suspended", conventions: [] });
  return request.id;
}

export function describeReversals(makeDriver: MakeDriver): void {
  describe("a reversal", () => {
    it("gives back once, and is answered alike however often it comes", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request({ purchaseCents: 1234 });
      await shop.authorize(request);
      const first = decisionOf(await shop.reverse(request.id));
      expect(first.answer).toMatchObject({ returned: { unit: "EUR_CENT", value: 1234 } });
      const again = [
        await shop.reverse(request.id),
        await shop.reverse(request.id, { reason: "manual" }),
      ];
      for (const answer of again) expect(decisionOf(answer).answer).toEqual(first.answer);
      expect(await unitsOf(shop)).toEqual([1234, -1234]);
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it.each([
      ["ahead of", "ALREADY_REVERSED"],
      ["behind", "APPROVED"],
    ])(
      "sent twenty times at once, %s the sale in one commit, leaves nothing spent",
      async (order, code) => {
        const shop = await openFor(makeDriver);
        const request = shop.request();
        const reverseAll = () => Array.from({ length: 20 }, () => shop.reverse(request.id));
        const early = order === "ahead of" ? reverseAll() : [];
        const sale = shop.authorize(request);
        const late = order === "behind" ? reverseAll() : [];
        const reversals = (await Promise.all([...early, ...late])).map(decisionOf);
        for (const { answer } of reversals) expect(answer).toEqual(reversals[0]?.answer);
        expect(codeOf(await sale)).toBe(code);
        expect(await shop.spent("SPECTACLE")).toBe(0);
      },
    );

    it("gives seats back as seats", async () => {
      const shop = await openFor(makeDriver, { grants: { CINEMA: 5 } });
      const request = shop.request({ avantage: "CINEMA", quantity: 3 });
      await shop.authorize(request);
      const { answer } = decisionOf(await shop.reverse(request.id));
      expect(answer).toMatchObject({ returned: { unit: "SEAT", value: 3 } });
      expect(await shop.spent("CINEMA")).toBe(0);
    });

    it("works on a blocked card, at a suspended partner, after the window", async () => {
      const shop = await openFor(makeDriver);
      const id = await sellBeforeTrouble(shop);
      shop.clock.setNow(Date.parse("2023-12-24T10:00:00Z"));
      expect(codeOf(await shop.reverse(id))).toBe("REVERSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("by hand works on a blocked card and at a suspended partner, within its period", async () => {
      const shop = await openFor(makeDriver);
      const id = await sellBeforeTrouble(shop);
      shop.clock.setNow(Date.parse("2023-03-17T10:00:00Z"));
      expect(codeOf(await shop.reverse(id, { reason: "manual" }))).toBe("REVERSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("that comes before its sale refuses it for ever, and gives nothing back", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      const first = decisionOf(await shop.reverse(request.id));
      expect(first.answer).not.toHaveProperty("returned");
      const sale = decisionOf(await shop.authorize(request));
      expect(sale).toMatchObject({ code: "ALREADY_REVERSED", answer: { outcome: "declined" } });
      expect(decisionOf(await shop.reverse(request.id)).answer).toEqual(first.answer);
      expect(await unitsOf(shop)).toEqual([]);
      expect(await shop.store.status("terminal-0", request.id)).toMatchObject({
        state: "reversed",
      });
    });

    it("by hand of an unknown sale finds nothing and leaves nothing behind", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      expect(codeOf(await shop.reverse(request.id, { reason: "manual" }))).toBe("notFound");
      expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
    });

    it("of another terminal's sale finds nothing and gives nothing back", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      await shop.authorize(request, shop.terminal(0));
      const from = { terminal: shop.terminal(1) };
      expect(codeOf(await shop.reverse(request.id, { ...from, reason: "manual" }))).toBe(
        "notFound",
      );
      await shop.reverse(request.id, { ...from, reason: "automatic" });
      expect(await shop.spent("SPECTACLE")).toBe(1000);
      expect(await shop.store.status("terminal-0", request.id)).toMatchObject({
        state: "approved",
      });
    });

    it("of a declined sale is acknowledged, and the sale is refused from then on", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request({ purchaseCents: 0 });
      await shop.authorize(request);
      expect(codeOf(await shop.reverse(request.id))).toBe("REVERSED");
      expect(codeOf(await shop.authorize(request))).toBe("ALREADY_REVERSED");
      expect(await unitsOf(shop)).toEqual([]);
    });

    it("makes the sale's id one that is never approved again", async () => {
      const shop = await openFor(makeDriver);
      const request = shop.request();
      await shop.authorize(request);
      await shop.reverse(request.id);
      const replay = decisionOf(await shop.authorize(request));
      expect(replay).toMatchObject({ code: "ALREADY_REVERSED", answer: { outcome: "declined" } });
      expect(codeOf(await shop.authorize({ ...request, purchaseCents: 1 }))).toBe("conflict");
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("makes what was given back spendable again", async () => {
      const shop = await openFor(makeDriver, { grants: { LICENCE: 3000 } });
      const first = shop.request({ avantage: "LICENCE" });
      await shop.authorize(first);
      expect(codeOf(await shop.authorize({ avantage: "LICENCE" }))).toBe("ALREADY_USED");
      await shop.reverse(first.id);
      expect(codeOf(await shop.authorize({ avantage: "LICENCE" }))).toBe("APPROVED");
    });
  });
}
