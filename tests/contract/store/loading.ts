// Loading: the same record again moves nothing that a sale has moved; a changed one takes effect at the next sale.

import { describe, expect, it } from "vitest";
import { LoadRefusedError } from "../../../gateway/src/store/driver.js";
import type { AgentRecord, LoadBatch } from "../../../gateway/src/store/records.js";
import { aConvention } from "../../support/builders.js";
import { TEST_PIN, WRONG_PIN } from "../../support/presentations.js";
import { codeOf, grantRecords, partnerRecord, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const AGENT: AgentRecord = {
  id: "agent-1",
  role: "operator",
  etablissement: null,
  status: "active",
  certificateFingerprint: "a".repeat(64),
};
const UNSIGNED = { reference: "C-2", state: "REQUESTED", fromMs: 1, signature: null } as const;

/** Everything that a load may change. */
const everything = async (shop: Shop) => ({
  ledger: await shop.ledger(),
  beneficiary: await shop.store.beneficiary("account-0"),
  place: await shop.store.place("terminal-0"),
  partner: await shop.driver.readPartner({
    id: "partner-1",
    pointOfSaleId: "pos-9",
    conventionReference: "C-1",
  }),
  agent: await shop.store.agentByCertificate(AGENT.certificateFingerprint),
  terminal: await shop.store.terminalByCertificate("9"),
});

export function describeLoading(makeDriver: MakeDriver): void {
  describe("loading", () => {
    it("the same batch again resets no balance, no counter and no try", async () => {
      const shop = await openFor(makeDriver);
      const tap = shop.card().tap();
      await shop.authorize({ evidence: tap });
      const wrong = shop.terminal().scan(shop.card(), WRONG_PIN);
      await shop.authorize({ evidence: wrong });
      const before = await shop.ledger();
      await shop.store.load(shop.batch);
      expect(await shop.ledger()).toEqual(before);
      expect(before.cards).toMatchObject([{ messageCounter: 1, pinFailures: 1 }]);
      expect(before.grants).toMatchObject([{ spent: 1000 }]);
      expect(codeOf(await shop.authorize({ evidence: tap }))).toBe("CARD_NOT_GENUINE");
      expect(codeOf(await shop.authorize({ evidence: wrong }))).toBe("PIN_BLOCK_INVALID");
    });

    it("a grant again with another amount gives nothing more", async () => {
      const shop = await openFor(makeDriver, { grants: { SPECTACLE: 3000 } });
      await shop.store.load({ grants: grantRecords("account-0", { SPECTACLE: 9000 }) });
      expect((await shop.ledger()).grants).toMatchObject([{ amount: 3000 }]);
    });

    it.each<[string, (shop: Shop) => LoadBatch]>([
      [
        "point of sale pos-9",
        () => ({ pointsOfSale: [{ id: "pos-9", partnerId: "nobody", name: "", city: "" }] }),
      ],
      [
        "terminal terminal-9",
        (shop) => ({
          terminals: [
            shop.terminal().record({
              id: "terminal-9",
              initialKeyId: null,
              certificateFingerprint: "9",
              pointOfSaleId: "nowhere",
            }),
          ],
        }),
      ],
      [
        "terminal terminal-9",
        (shop) => ({
          terminals: [shop.terminal().record({ id: "terminal-9", initialKeyId: null })],
        }),
      ],
      [
        "terminal terminal-9",
        (shop) => ({
          terminals: [shop.terminal().record({ id: "terminal-9", certificateFingerprint: "9" })],
        }),
      ],
      ["agent agent-1", () => ({ agents: [{ ...AGENT, etablissement: "LYCEE-1" }] })],
      ["agent agent-2", () => ({ agents: [AGENT, { ...AGENT, id: "agent-2" }] })],
      ["convention C-1", () => ({ partners: [partnerRecord({ id: "partner-2" })] })],
      [
        "partner partner-1",
        () => ({ partners: [partnerRecord({ agrements: ["CINEMA", "CINEMA"] })] }),
      ],
      ["card card-9", (shop) => ({ cards: [shop.card().record({ id: "card-9" })] })],
      ["card card-0", (shop) => ({ cards: [shop.card().record({ accountId: "account-1" })] })],
      [
        "card card-0",
        (shop) => ({ cards: [{ ...shop.newCard("account-0").record(), id: "card-0" }] }),
      ],
      ["card card-0", (shop) => ({ cards: [{ ...shop.card().record(), identifierIndex: null }] })],
      ["card card-3", (shop) => ({ cards: [shop.newCard("nobody").record()] })],
      ["grant nobody/CINEMA", () => ({ grants: grantRecords("nobody", { CINEMA: 5 }) })],
      ["grant account-0/CINEMA", () => ({ grants: grantRecords("account-0", { CINEMA: -1 }) })],
    ])(
      "a batch with a %s that does not fit loads nothing, and names it",
      async (record, misfit) => {
        const shop = await openFor(makeDriver, { cards: 2 });
        const before = await everything(shop);
        const batch: LoadBatch = {
          partners: [partnerRecord({ status: "suspended" })],
          accounts: [{ id: "account-0", holder: "Another N." }],
          ...misfit(shop),
        };
        const refused = expect(shop.store.load(batch)).rejects;
        await refused.toThrow(LoadRefusedError);
        await expect(shop.store.load(batch)).rejects.toThrow(`${record}: `);
        expect(await everything(shop)).toEqual(before);
        expect(codeOf(await shop.authorize())).toBe("APPROVED");
      },
    );

    it("a partner keeps the signature of its convention, its types and its flags", async () => {
      const shop = await openFor(makeDriver);
      const signature = { reference: "S-9", atMs: 7 };
      const conventions = [{ ...aConvention({ signature }) }, aConvention(UNSIGNED)];
      const saved = { types: ["MUSEE", "CINEMA"], flags: ["achatGroupe"] };
      await shop.changePartner({ conventions, ...saved });
      const rows = await shop.driver.readCase({
        terminalId: "terminal-0",
        locator: null,
        appCodeKey: null,
        salesSinceMs: null,
      });
      expect(rows?.snapshot.partner).toMatchObject({ conventions, ...saved });
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

    it("a card that was lost stays lost, even when it is loaded again", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ cards: [shop.card().record({ status: "LOST" })] });
      await shop.store.load({ cards: [shop.card().record({ status: "ACTIVE" })] });
      expect(codeOf(await shop.authorize())).toBe("CARD_LOST");
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
          salesSinceMs: null,
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
