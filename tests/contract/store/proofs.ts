// A proof stands for one presentation: one sale, one terminal, a minute.

import { describe, expect, it } from "vitest";
import type { Answer } from "../../../gateway/src/core/ports.js";
import { codeOf, decisionOf, grantRecords, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const evidenceOf = (answer: Answer) => {
  const { proofRef } = decisionOf(answer).answer;
  if (proofRef === undefined) throw new Error("this answer carries no proof");
  return { type: "proofRef", proofRef } as const;
};

const askFirst = async (shop: Shop) =>
  evidenceOf(await shop.inquire({ evidence: shop.card().tap() }));

export function describeProofs(makeDriver: MakeDriver): void {
  describe("a proof", () => {
    it("of an inquiry pays for one sale", async () => {
      const shop = await openFor(makeDriver);
      const evidence = await askFirst(shop);
      expect(codeOf(await shop.authorize({ evidence }))).toBe("APPROVED");
      expect(codeOf(await shop.authorize({ evidence }))).toBe("PROOF_EXPIRED");
      expect(await shop.spent("SPECTACLE")).toBe(1000);
    });

    it("of a refusal that can be amended saves a second PIN", async () => {
      const shop = await openFor(makeDriver);
      const scan = shop.terminal().scan(shop.card());
      const refused = await shop.authorize({ evidence: scan, purchaseCents: 3001, exact: true });
      expect(codeOf(refused)).toBe("INSUFFICIENT_BALANCE");
      const amended = await shop.authorize({
        evidence: evidenceOf(refused),
        purchaseCents: 3000,
        exact: true,
      });
      expect(codeOf(amended)).toBe("APPROVED");
    });

    it("sent fifty times at once pays once", async () => {
      const shop = await openFor(makeDriver);
      const evidence = await askFirst(shop);
      const sales = Array.from({ length: 50 }, () =>
        shop.authorize({ evidence, purchaseCents: 10 }),
      );
      const codes = (await Promise.all(sales)).map(codeOf);
      expect(codes.filter((code) => code === "APPROVED")).toHaveLength(1);
      expect(await shop.spent("SPECTACLE")).toBe(10);
    });

    it("is of no use at another terminal, and is not used up there", async () => {
      const shop = await openFor(makeDriver);
      const evidence = await askFirst(shop);
      expect(codeOf(await shop.authorize({ evidence }, shop.terminal(1)))).toBe("PROOF_EXPIRED");
      expect(codeOf(await shop.authorize({ evidence }, shop.terminal(0)))).toBe("APPROVED");
    });

    it.each([
      [59_999, "APPROVED"],
      [60_000, "PROOF_EXPIRED"],
    ])("%i ms later is %s", async (ageMs, code) => {
      const shop = await openFor(makeDriver);
      const evidence = await askFirst(shop);
      shop.clock.advance(ageMs);
      expect(codeOf(await shop.authorize({ evidence }))).toBe(code);
    });

    it("that is renewed by another amendment lives no longer", async () => {
      const shop = await openFor(makeDriver);
      const first = await askFirst(shop);
      shop.clock.advance(59_000);
      const renewed = evidenceOf(await shop.authorize({ evidence: first, purchaseCents: 0 }));
      shop.clock.advance(1000);
      expect(codeOf(await shop.authorize({ evidence: renewed }))).toBe("PROOF_EXPIRED");
    });

    it("does not outlive the card", async () => {
      const shop = await openFor(makeDriver);
      const evidence = await askFirst(shop);
      await shop.store.load({ cards: [shop.card().record({ status: "STOLEN" })] });
      expect(codeOf(await shop.authorize({ evidence }))).toBe("CARD_STOLEN");
    });

    it("of a museum visit does not stand in for a PIN that was never set", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({
        cards: [shop.card().record({ pin: null })],
        grants: grantRecords("account-0", { MUSEE: 0 }),
      });
      const asked = await shop.inquire({ evidence: shop.card().tap(), avantage: "MUSEE" });
      expect(codeOf(await shop.authorize({ evidence: evidenceOf(asked) }))).toBe("PIN_NOT_SET");
    });
  });
}
