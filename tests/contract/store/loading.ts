// Loading: the same record again moves nothing that a sale has moved; a changed one takes effect at the next sale.

import { describe, expect, it } from "vitest";
import { TEST_PIN, WRONG_PIN } from "../../support/presentations.js";
import { codeOf, grantRecords } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

export function describeLoading(makeDriver: MakeDriver): void {
  describe("loading", () => {
    it("the same batch again resets no balance, no counter and no try", async () => {
      const shop = await openFor(makeDriver);
      const tap = shop.card().tap();
      await shop.authorize({ evidence: tap });
      const wrong = shop.terminal().scan(shop.card(), WRONG_PIN);
      await shop.authorize({ evidence: wrong });
      const before = await shop.driver.ledger();
      await shop.store.load(shop.batch);
      expect(await shop.driver.ledger()).toEqual(before);
      expect(before.cards).toMatchObject([{ messageCounter: 1, pinFailures: 1 }]);
      expect(before.grants).toMatchObject([{ spent: 1000 }]);
      expect(codeOf(await shop.authorize({ evidence: tap }))).toBe("CARD_NOT_GENUINE");
      expect(codeOf(await shop.authorize({ evidence: wrong }))).toBe("PIN_BLOCK_INVALID");
    });

    it("a grant again with another amount gives nothing more", async () => {
      const shop = await openFor(makeDriver, { grants: { SPECTACLE: 3000 } });
      await shop.store.load({ grants: grantRecords("account-0", { SPECTACLE: 9000 }) });
      expect((await shop.driver.ledger()).grants).toMatchObject([{ amount: 3000 }]);
    });

    it.each([
      ["a card", "CARD_BLOCKED"],
      ["a terminal", "TERMINAL_NOT_AUTHORISED"],
      ["a partner", "PARTNER_SUSPENDED"],
      ["a convention", "CONVENTION_NOT_IN_FORCE"],
      ["an agrément", "AVANTAGE_NOT_ACCEPTED_HERE"],
    ])("%s that is withdrawn refuses the next sale: %s", async (what, code) => {
      const shop = await openFor(makeDriver);
      if (what === "a card")
        await shop.store.load({ cards: [shop.card().record({ status: "BLOCKED" })] });
      if (what === "a terminal") {
        await shop.store.load({ terminals: [shop.terminal().record({ status: "revoked" })] });
      }
      if (what === "a partner") await shop.changePartner({ status: "suspended" });
      if (what === "a convention") await shop.changePartner({ conventions: [] });
      if (what === "an agrément") await shop.changePartner({ agrements: ["CINEMA"] });
      expect(codeOf(await shop.authorize())).toBe(code);
    });

    it("a new PIN is in force at once, and the old one is wrong", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ cards: [shop.card().record({ pin: "8642" })] });
      const scan = (pin: string) =>
        shop.authorize({ evidence: shop.terminal().scan(shop.card(), pin) });
      expect(codeOf(await scan(TEST_PIN))).toBe("PIN_INCORRECT");
      expect(codeOf(await scan("8642"))).toBe("APPROVED");
    });

    it("a terminal's new certificate names it, and the old one names nobody", async () => {
      const shop = await openFor(makeDriver);
      const [old, renewed] = ["0".repeat(64), "f".repeat(64)];
      const known = { id: "terminal-0", status: "active" };
      expect(await shop.store.terminalByCertificate(old)).toEqual(known);
      const record = shop.terminal().record({ certificateFingerprint: renewed });
      await shop.store.load({ terminals: [record] });
      expect(await shop.store.terminalByCertificate(renewed)).toEqual(known);
      expect(await shop.store.terminalByCertificate(old)).toBeNull();
    });

    it("a revoked terminal stays revoked, even when it is loaded again", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ revokedTerminals: ["terminal-0"] });
      expect(codeOf(await shop.authorize())).toBe("TERMINAL_NOT_AUTHORISED");
      await shop.store.load({ terminals: [shop.terminal().record()] });
      expect(codeOf(await shop.authorize())).toBe("TERMINAL_NOT_AUTHORISED");
    });

    it("a terminal's new PIN key begins a new count; the same key goes on counting", async () => {
      const shop = await openFor(makeDriver);
      await shop.authorize({ evidence: shop.terminal().scan(shop.card()) });
      const counters = async () => {
        const rows = await shop.driver.readCase({
          terminalId: "terminal-0",
          locator: null,
          appCodeKey: null,
        });
        return rows?.snapshot.terminal.ksnCounter;
      };
      await shop.store.load({ terminals: [shop.terminal().record()] });
      expect(await counters()).toBe(1);
      const renewed = shop.terminal().record({ initialKeyId: "50415353FFFFFFFF" });
      await shop.store.load({ terminals: [renewed] });
      expect(await counters()).toBe(0);
    });

    it("tells where a terminal stands", async () => {
      const shop = await openFor(makeDriver);
      await shop.changePartner({ agrements: ["SPECTACLE", "CINEMA"] });
      expect(await shop.store.place("terminal-1")).toEqual({
        terminalId: "terminal-1",
        pointOfSale: { id: "pos-1", name: "Accueil", city: "Lyon" },
        partner: { id: "partner-1", name: "Le Théâtre" },
        agrements: ["CINEMA", "SPECTACLE"],
      });
      expect(await shop.store.place("nowhere")).toBeNull();
    });
  });
}
