// Events of the operator, the Région and établissements: each once, as a whole, and in force at the next tap.

import { describe, expect, it } from "vitest";
import type {
  Attributes,
  BeneficiaryEvent,
  LoadedCard,
  PartnerEvent,
  Scope,
} from "../../../gateway/src/core/loading/event.js";
import { collected } from "../../support/ledger.js";
import type { HeldCard } from "../../support/presentations.js";
import { codeOf, OPERATOR, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const CAMPAIGN = "2022/2023";

const ordered = (beneficiary: string): BeneficiaryEvent => ({
  type: "card.ordered",
  beneficiary,
  holder: "Camille D.",
  etablissement: "LYCEE-1",
  campaign: CAMPAIGN,
  charterAcceptedOn: "2023-01-10",
});

const validated = (beneficiary: string, change: Partial<Attributes> = {}): BeneficiaryEvent => ({
  type: "beneficiary.validated",
  beneficiary,
  campaign: CAMPAIGN,
  etablissement: "LYCEE-1",
  attributes: {
    status: "LYCEEN",
    level: "SECONDE",
    track: "GENERALE",
    formation: null,
    flags: [],
    birthDay: "2006-05-01",
    ...change,
  },
});

const issued = (beneficiary: string, card: HeldCard): BeneficiaryEvent => {
  const { id, generation, lastFour, ...record } = card.record();
  const { numberIndex, numberEncrypted, identifierIndex } = record;
  const sealed = { numberIndex, numberEncrypted, identifierIndex };
  const loaded: LoadedCard = { id, generation, lastFour, ...sealed };
  return { type: "card.issued", beneficiary, card: loaded };
};

const suspended = (avantages: Scope, suspension = "S-1"): BeneficiaryEvent => ({
  type: "suspension.decided",
  beneficiary: "account-0",
  suspension,
  campaign: CAMPAIGN,
  avantages,
  decisionRef: "D-1",
});

const lifted: BeneficiaryEvent = {
  type: "suspension.lifted",
  beneficiary: "account-0",
  suspension: "S-1",
  decisionRef: "D-2",
};

const revoked: BeneficiaryEvent = {
  type: "grants.revoked",
  beneficiary: "account-0",
  campaign: CAMPAIGN,
  avantages: ["SPECTACLE"],
};

const agrement = { partner: "partner-1", avantage: "SPECTACLE" };
const withdrawn: PartnerEvent = { type: "agrement.withdrawn", ...agrement };

const trail = (shop: Shop, subject: string | null = null) =>
  collected(shop.driver.events({ subject }));

/** Everything that an event may change. */
const everything = async (shop: Shop) => ({
  ledger: await shop.ledger(),
  beneficiary: await shop.store.beneficiary("account-0"),
  partner: await shop.driver.readPartner({
    id: "partner-1",
    pointOfSaleId: "pos-1",
    conventionReference: "C-1",
  }),
});

export function describeEvents(makeDriver: MakeDriver): void {
  describe("events", () => {
    it("make an account, its grants and its card, and the next tap is a sale", async () => {
      const shop = await openFor(makeDriver);
      const card = shop.newCard("new");
      const told = [ordered("new"), validated("new"), issued("new", card)];
      const from = { agent: OPERATOR };
      const answers = await Promise.all(told.map((event) => shop.send(event, from)));
      for (const answer of answers) expect(answer).toMatchObject({ outcome: "applied" });
      // The code secret is the holder's own affair.
      await shop.store.load({ cards: [card.record()] });
      expect(codeOf(await shop.authorize({ evidence: card.tap() }))).toBe("APPROVED");
      expect(await shop.spent("SPECTACLE", "new")).toBe(1000);
      expect(await shop.store.beneficiary("new")).toMatchObject({
        account: { id: "new", etablissement: "LYCEE-1", charterAcceptedOn: "2023-01-10" },
        cards: [{ id: card.id, status: "ACTIVE" }],
        suspensions: [],
        cardTaken: false,
      });
      expect((await shop.store.verify()).faults).toEqual([]);
    });

    it("share a commit with sales, and come after those that wait with them", async () => {
      const sizes: number[] = [];
      const shop = await openFor(makeDriver, { store: { onCommit: (size) => sizes.push(size) } });
      const [event, sale] = await Promise.all([
        shop.send(suspended(["SPECTACLE"])),
        shop.authorize(),
      ]);
      expect(event).toEqual({ type: "loaded", outcome: "applied", notes: [], replayed: false });
      expect(codeOf(sale)).toBe("APPROVED");
      expect(sizes).toEqual([2]);
      expect(codeOf(await shop.authorize())).toBe("AVANTAGE_SUSPENDED");
    });

    it("of a suspension take effect and, lifted, leave everything as it was", async () => {
      const shop = await openFor(makeDriver, { grants: { SPECTACLE: 3000, CINEMA: 5 } });
      const { grants } = await shop.ledger();
      const decidedAtMs = shop.clock.nowMs();
      await shop.send(suspended(["SPECTACLE"]));
      expect(codeOf(await shop.authorize())).toBe("AVANTAGE_SUSPENDED");
      expect(codeOf(await shop.authorize({ avantage: "CINEMA", quantity: 1 }))).toBe(
        "APPROVED_SEATS",
      );
      await shop.send(lifted);
      expect(
        (await shop.ledger()).grants.filter(({ avantage }) => avantage === "SPECTACLE"),
      ).toEqual(grants.filter(({ avantage }) => avantage === "SPECTACLE"));
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
      const { suspensions } = await shop.store.beneficiary("account-0");
      expect(suspensions).toEqual([
        {
          id: "S-1",
          campaign: CAMPAIGN,
          avantages: ["SPECTACLE"],
          decisionRef: "D-1",
          decidedAtMs,
          liftedAtMs: shop.clock.nowMs(),
        },
      ]);
    });

    it("of a revocation put the balance out of reach and keep what was spent", async () => {
      const shop = await openFor(makeDriver, { grants: { SPECTACLE: 3000, CINEMA: 5 } });
      const request = shop.request();
      await shop.authorize(request);
      await shop.send(revoked);
      expect(codeOf(await shop.authorize())).toBe("AVANTAGE_NOT_GRANTED");
      expect(await shop.spent("SPECTACLE")).toBe(1000);
      expect(codeOf(await shop.reverse(request.id))).toBe("REVERSED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
      expect((await shop.ledger()).grants).toMatchObject([
        { avantage: "CINEMA", revoked: false },
        { avantage: "SPECTACLE", revoked: true },
      ]);
    });

    it("of a revalidation raise a grant and keep what was spent; the next sale sees the rest", async () => {
      const shop = await openFor(makeDriver, { grants: { MANUELS_CREDIT: 5000 } });
      const buy = (purchaseCents: number) =>
        shop.authorize({ avantage: "MANUELS_CREDIT", purchaseCents, exact: true });
      await buy(4000);
      await shop.send(ordered("account-0"), { agent: OPERATOR });
      const raised = validated("account-0", { track: "PROFESSIONNELLE", flags: ["MAJORATION_A"] });
      await shop.send(raised, { agent: OPERATOR });
      const grant = (await shop.ledger()).grants.find(
        ({ rule }) => rule === "MANUELS_CREDIT/raised",
      );
      expect(grant).toMatchObject({ id: "account-0/MANUELS_CREDIT", amount: 10_000, spent: 4000 });
      expect(codeOf(await buy(6000))).toBe("APPROVED");
      expect((await shop.store.verify()).faults).toEqual([]);
      expect((await shop.store.replay()).differences).toEqual([]);
    });

    it("of a birth day that is mended put another age on the grant, and none where it is always right", async () => {
      const shop = await openFor(makeDriver);
      const from = { agent: OPERATOR };
      await shop.send(ordered("new"), from);
      const ageAfter = async (birthDay: string) => {
        await shop.send(validated("new", { status: "APPRENTI", birthDay }), from);
        const { grants } = await shop.store.beneficiary("new");
        return grants.find(({ avantage }) => avantage === "APPRENTI_EQUIPEMENT")?.ageWindow;
      };
      expect(await ageAfter("2006-05-01")).toBeNull();
      expect(await ageAfter("2009-05-01")).toEqual({
        fromMs: Date.parse("2023-04-30T22:00:00Z"),
        toMs: Date.parse("2023-05-31T22:00:00Z"),
      });
      expect(await ageAfter("2006-05-01")).toBeNull();
      expect((await shop.store.verify()).faults).toEqual([]);
    });

    it("about a partner take effect at its tills", async () => {
      const shop = await openFor(makeDriver);
      const from = { agent: OPERATOR };
      await shop.send(withdrawn, from);
      expect(codeOf(await shop.authorize())).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
      await shop.send({ type: "agrement.given", ...agrement }, from);
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
      const { partner } = await shop.driver.readPartner(PARTNER);
      if (!partner) throw new Error("the partner is known");
      const { id, ...words } = partner;
      await shop.send({ type: "partner.saved", partner: id, ...words, status: "suspended" }, from);
      expect(codeOf(await shop.authorize())).toBe("PARTNER_SUSPENDED");
    });

    it("make a partner with its point of sale and its convention", async () => {
      const shop = await openFor(makeDriver);
      const partner = "partner-2";
      const convention = {
        reference: "C-2",
        state: "IN_FORCE",
        fromMs: 0,
        toMs: 1,
        signature: { reference: "S-2", atMs: 0 },
      } as const;
      const told: readonly PartnerEvent[] = [
        { type: "partner.saved", partner, ...PARTNER_WORDS },
        { type: "pointOfSale.saved", partner, pointOfSale: "pos-2", name: "Salle", city: "Riom" },
        { type: "convention.saved", partner, convention },
        { type: "agrement.given", partner, avantage: "SPECTACLE" },
      ];
      for (const event of told) {
        expect(await shop.send(event, { agent: OPERATOR })).toMatchObject({ outcome: "applied" });
      }
      const query = { id: partner, pointOfSaleId: "pos-2", conventionReference: "C-2" };
      expect(await shop.driver.readPartner(query)).toEqual({
        partner: { id: partner, ...PARTNER_WORDS },
        conventions: [convention],
        agrements: ["SPECTACLE"],
        bank: null,
        declarations: [],
        justificatifs: [],
        pointOfSalePartner: partner,
        conventionPartner: partner,
      });
    });

    it("of an incivility are in the register, and change nothing else", async () => {
      const shop = await openFor(makeDriver);
      const before = await everything(shop);
      await shop.send(
        {
          type: "incivility.reported",
          partner: "partner-1",
          report: "R-1",
          beneficiary: "account-0",
          receivedOn: "2023-03-14",
        },
        { agent: OPERATOR },
      );
      expect(await collected(shop.driver.reports())).toEqual([
        {
          partnerId: "partner-1",
          report: "R-1",
          beneficiary: "account-0",
          receivedOn: "2023-03-14",
        },
      ]);
      expect(await everything(shop)).toEqual(before);
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
    });
  });

  describe("an event", () => {
    it("sent again is answered alike and changes nothing, whatever has changed since", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      await shop.send(suspended(["SPECTACLE"]), { eventId });
      await shop.send(lifted);
      const before = await everything(shop);
      const again = await shop.send(suspended(["SPECTACLE"]), { eventId });
      expect(again).toEqual({ type: "loaded", outcome: "applied", notes: [], replayed: true });
      expect(await everything(shop)).toEqual(before);
      expect(await trail(shop)).toHaveLength(2);
    });

    it("with another content under its id is a conflict, changes nothing and is in the trail", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      await shop.send(suspended(["SPECTACLE"]), { eventId });
      const before = await everything(shop);
      expect(codeOf(await shop.send(revoked, { eventId }))).toBe("conflict");
      expect(await everything(shop)).toEqual(before);
      expect(await trail(shop)).toMatchObject([
        { outcome: "applied" },
        { id: eventId, outcome: "refused", refusal: "DUPLICATE_CONFLICT" },
      ]);
    });

    it("sent many times at once is applied once", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      const copies = Array.from({ length: 20 }, () => shop.send(revoked, { eventId }));
      const answers = await Promise.all(copies);
      expect(answers.filter((it) => it.type === "loaded" && !it.replayed)).toHaveLength(1);
      expect(await trail(shop)).toHaveLength(1);
    });

    it("that says what is so already is in the trail, and changes nothing", async () => {
      const shop = await openFor(makeDriver);
      await shop.send(revoked);
      const before = await everything(shop);
      expect(await shop.send(revoked)).toMatchObject({ outcome: "unchanged", replayed: false });
      expect(await everything(shop)).toEqual(before);
      expect((await trail(shop)).map(({ outcome }) => outcome)).toEqual(["applied", "unchanged"]);
    });

    it("that is refused changes nothing, is in the trail, and may come again", async () => {
      const shop = await openFor(makeDriver);
      const before = await everything(shop);
      const eventId = shop.newId();
      const answer = await shop.send(lifted, { eventId });
      expect(answer).toMatchObject({ type: "refused", code: "UNKNOWN_SUBJECT" });
      expect(await everything(shop)).toEqual(before);
      expect(await trail(shop)).toMatchObject([
        { id: eventId, outcome: "refused", refusal: "UNKNOWN_SUBJECT" },
      ]);
      await shop.send(suspended(["SPECTACLE"]));
      expect(await shop.send(lifted, { eventId })).toMatchObject({ outcome: "applied" });
      expect((await trail(shop)).map(({ outcome }) => outcome)).toEqual([
        "refused",
        "applied",
        "applied",
      ]);
    });

    it.each([
      ["the card of somebody else", (shop: Shop) => shop.card()],
      ["a card with the number of another", (shop: Shop) => ({ ...shop.card(), id: "card-9" })],
      ["a known card with another number", (shop: Shop) => ({ ...shop.newCard(""), id: "card-1" })],
    ])("that brings %s is refused", async (_what, cardOf) => {
      const shop = await openFor(makeDriver, { cards: 2 });
      const from = { agent: OPERATOR };
      await shop.send(ordered("account-1"), from);
      await shop.send(validated("account-1"), from);
      const card = cardOf(shop);
      const record = () => ({ ...card.record(), id: card.id });
      const answer = await shop.send(issued("account-1", { ...card, record }), from);
      expect(answer).toMatchObject({ type: "refused", code: "CONTRADICTION" });
    });

    it("is kept with who sent it, what it is about and when", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      await shop.send(suspended("ALL"), { eventId });
      await shop.send(withdrawn);
      expect(await trail(shop, "account-0")).toEqual([
        {
          id: eventId,
          agentId: "region-1",
          role: "region",
          type: "suspension.decided",
          subject: "account-0",
          atMs: shop.clock.nowMs(),
          fingerprint: shop.command(suspended("ALL")).fingerprint,
          outcome: "applied",
          refusal: null,
          notes: [],
        },
      ]);
      expect(await trail(shop, "partner-1")).toMatchObject([{ type: "agrement.withdrawn" }]);
      expect(await trail(shop)).toHaveLength(2);
    });

    it("that meets a bug loses itself alone, and may come again", async () => {
      let poisoned = true;
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          applyEvent: (event, writes) =>
            driver.applyEvent(event, poisoned ? [...writes, STALE_WRITE] : writes),
        }),
      });
      const eventId = shop.newId();
      const [before, event, after] = await Promise.all([
        shop.authorize(),
        shop.send(revoked, { eventId }),
        shop.authorize(),
      ]);
      expect([before, event, after].map(codeOf)).toEqual(["APPROVED", "bug", "APPROVED"]);
      expect(await trail(shop)).toEqual([]);
      poisoned = false;
      expect(await shop.send(revoked, { eventId })).toMatchObject({ outcome: "applied" });
    });
  });
}

const PARTNER = { id: "partner-1", pointOfSaleId: null, conventionReference: null };
const PARTNER_WORDS = {
  name: "La Salle",
  status: "active",
  types: ["SPECTACLE"],
  flags: ["achatGroupe"],
} as const;

/** A write that was decided from something else than what is there. */
const STALE_WRITE = {
  type: "setCardStatus",
  cardId: "card-0",
  from: "LOST",
  to: "ACTIVE",
} as const;
