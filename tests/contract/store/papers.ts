// What a partner is paid to, and what its reimbursements wait for: on file with the next event, and nobody else's.

import { describe, expect, it } from "vitest";
import type { LoadEvent, PartnerEvent } from "../../../gateway/src/core/loading/event.js";
import type { PartnerFile } from "../../../gateway/src/core/loading/file.js";
import type {
  EquipmentDeclaration,
  Justificatif,
} from "../../../gateway/src/core/settlement/model.js";
import { aConvention } from "../../support/builders.js";
import { collected } from "../../support/ledger.js";
import { codeOf, partnerRecord, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const partner = "partner-1";
const ACCOUNT = { holder: "Le Théâtre", iban: "FR7630006000011234567890189", bic: "AGRIFRPP" };
const OTHER_ACCOUNT = { holder: "Le Théâtre", iban: "DE89370400440532013000", bic: null };
const saved = (account: typeof ACCOUNT | typeof OTHER_ACCOUNT): PartnerEvent => ({
  type: "bankAccount.saved",
  partner,
  account,
});

const DECLARATIONS = [
  { schoolYear: "2021/2022", types: ["VETEMENTS"] },
  { schoolYear: "2022/2023", types: [] },
] as const satisfies readonly EquipmentDeclaration[];
const declared = (declaration: EquipmentDeclaration): PartnerEvent => ({
  type: "equipment.declared",
  partner,
  declaration,
});

const PAPER: Justificatif = {
  reference: "J-1",
  schoolYear: "2022/2023",
  kind: "PHOTO_STICKER",
  receivedOn: "2022-09-12",
  rejectedOn: null,
};
const OTHER_PAPER: Justificatif = { ...PAPER, reference: "J-2", kind: "FACTURE_FLOCAGE" };
const received = (justificatif: Justificatif): PartnerEvent => ({
  type: "justificatif.received",
  partner,
  justificatif,
});
const REJECTED: PartnerEvent = {
  type: "justificatif.rejected",
  partner,
  reference: "J-1",
  rejectedOn: "2022-10-03",
};

const fileOf = (shop: Shop, id = partner) =>
  shop.driver.readPartner({ id, pointOfSaleId: null, conventionReference: null });

async function papersOf(shop: Shop, id = partner) {
  const { bank, declarations, justificatifs }: PartnerFile = await fileOf(shop, id);
  return { bank, declarations, justificatifs };
}

const NONE = { bank: null, declarations: [], justificatifs: [] };
const ALL = { bank: ACCOUNT, declarations: DECLARATIONS, justificatifs: [PAPER, OTHER_PAPER] };

/** In another order than they are kept in. */
const EVERY_PAPER: readonly LoadEvent[] = [
  received(OTHER_PAPER),
  saved(ACCOUNT),
  ...DECLARATIONS.toReversed().map(declared),
  received(PAPER),
];

async function shopWithPapers(makeDriver: MakeDriver): Promise<Shop> {
  const shop = await openFor(makeDriver);
  await shop.store.load({ partners: [partnerRecord({ id: "partner-2", conventions: [] })] });
  for (const event of EVERY_PAPER) {
    expect(await shop.send(event)).toMatchObject({ outcome: "applied" });
  }
  return shop;
}

export function describePapers(makeDriver: MakeDriver): void {
  describe("a partner's papers", () => {
    it("are none at first, and its own when they came", async () => {
      const shop = await openFor(makeDriver);
      expect(await papersOf(shop)).toEqual(NONE);
      const filled = await shopWithPapers(makeDriver);
      expect(await papersOf(filled)).toEqual(ALL);
      expect(await papersOf(filled, "partner-2")).toEqual(NONE);
    });

    it("are changed one by one", async () => {
      const shop = await shopWithPapers(makeDriver);
      const change: EquipmentDeclaration = {
        schoolYear: "2022/2023",
        types: ["OUTILLAGE", "MATERIEL"],
      };
      await shop.send(declared(change));
      await shop.send(REJECTED);
      await shop.send(saved(OTHER_ACCOUNT));
      expect(await papersOf(shop)).toEqual({
        bank: OTHER_ACCOUNT,
        declarations: [DECLARATIONS[0], change],
        justificatifs: [{ ...PAPER, rejectedOn: "2022-10-03" }, OTHER_PAPER],
      });
    });

    it("have references of each partner's own", async () => {
      const shop = await shopWithPapers(makeDriver);
      const other = { ...PAPER, kind: "PHOTO_FLOCAGE" } as const;
      await shop.send({ ...received(other), partner: "partner-2" });
      expect(await papersOf(shop, "partner-2")).toMatchObject({ justificatifs: [other] });
      expect(await papersOf(shop)).toEqual(ALL);
    });

    it("stay when the operator loads the partner again", async () => {
      const shop = await shopWithPapers(makeDriver);
      await shop.changePartner({ name: "La Salle" });
      expect(await papersOf(shop)).toEqual(ALL);
    });

    it("that are refused change nothing", async () => {
      const shop = await shopWithPapers(makeDriver);
      const otherYear = { ...PAPER, reference: "J-3", schoolYear: "2023/2024" };
      for (const event of [received(otherYear), received({ ...PAPER, kind: "PHOTO_FLOCAGE" })]) {
        expect(await shop.send(event)).toMatchObject({ type: "refused", code: "CONTRADICTION" });
      }
      expect(await papersOf(shop)).toEqual(ALL);
    });

    it("of an event that meets a bug are as they were", async () => {
      const stale = {
        type: "setCardStatus",
        cardId: "card-0",
        from: "LOST",
        to: "ACTIVE",
      } as const;
      let poisoned = false;
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          applyEvent: (event, writes) =>
            driver.applyEvent(event, poisoned ? [...writes, stale] : writes),
        }),
      });
      for (const event of EVERY_PAPER) await shop.send(event);
      poisoned = true;
      const changes = [
        saved(OTHER_ACCOUNT),
        declared({ ...DECLARATIONS[1], types: ["MATERIEL"] }),
        REJECTED,
      ];
      const answers = await Promise.all(changes.map((event) => shop.send(event)));
      expect(answers.map(codeOf)).toEqual(["bug", "bug", "bug"]);
      expect(await papersOf(shop)).toEqual(ALL);
    });

    it("leave no account number in the audit trail", async () => {
      const shop = await shopWithPapers(makeDriver);
      await shop.send(saved(OTHER_ACCOUNT));
      const trail = await collected(shop.driver.events({ subject: partner }));
      expect(trail.at(-1)).toMatchObject({
        type: "bankAccount.saved",
        notes: [expect.stringMatching(/^account changed: .*0189.*3000$/)],
      });
      const text = JSON.stringify(trail);
      for (const { iban } of [ACCOUNT, OTHER_ACCOUNT]) expect(text).not.toContain(iban);
    });
  });

  describe("a convention's tariffs", () => {
    const priced = (tariffs?: Readonly<Record<string, number>>) =>
      aConvention({ ...(tariffs && { tariffs }) });
    const sent = (tariffs?: Readonly<Record<string, number>>): PartnerEvent => ({
      type: "convention.saved",
      partner,
      convention: priced(tariffs),
    });

    it("come with its event, change and go", async () => {
      const shop = await openFor(makeDriver);
      for (const tariffs of [{ CINEMA: 480, MUSEE: 250 }, { MUSEE: 300 }, undefined]) {
        expect(await shop.send(sent(tariffs))).toMatchObject({ outcome: "applied" });
        expect((await fileOf(shop)).conventions).toEqual([priced(tariffs)]);
        expect(await shop.send(sent(tariffs))).toMatchObject({ outcome: "unchanged" });
      }
    });

    it("come with the operator's load, and go with one that has none", async () => {
      const shop = await openFor(makeDriver);
      for (const tariffs of [{ CINEMA: 480 }, undefined]) {
        await shop.changePartner({ conventions: [priced(tariffs)] });
        expect((await fileOf(shop)).conventions).toEqual([priced(tariffs)]);
      }
    });
  });
}
