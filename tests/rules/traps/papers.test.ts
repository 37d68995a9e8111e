// What holds a shop's reimbursement (T-36), on the checked-in catalogue: papers of the school year, never a sale.

import { expect, it } from "vitest";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import type {
  EquipmentType,
  JustificatifKind,
} from "../../../gateway/src/core/settlement/model.js";
import { catalogueData } from "../../support/programme.js";
import { CATALOGUE } from "../support/catalogue.js";
import { LAST_YEAR } from "../support/events.js";
import { validated } from "../support/register.js";
import { declared, owedFor, paper, paperShop } from "../support/reimbursement.js";
import { verdict } from "../support/rule-check.js";

const NEXT_YEAR = "2023/2024";
const COIFFURE = { track: "CAP", level: "CAP_1", formation: "CAP_COIFFURE" };

it("T-36: a shop without papers sells on; what it is owed waits, and is owed in full once they are in", () => {
  const shop = paperShop(CATALOGUE);
  const sale = () =>
    verdict(validated(CATALOGUE, COIFFURE).decideSale("EQUIPEMENT", { purchaseCents: 10_000 }));
  const owed = () => owedFor(CATALOGUE, { avantage: "EQUIPEMENT", units: 10_000 })?.amountCents;
  expect([sale(), owed()]).toEqual(["approved", 10_000]);
  expect(shop.holds("EQUIPEMENT")).toEqual(["DECLARATION_MISSING"]);
  shop.send(declared(["OUTILLAGE"]));
  expect(shop.holds("EQUIPEMENT")).toEqual(["JUSTIFICATIF_MISSING"]);
  shop.send(paper("PHOTO_STICKER"));
  expect(shop.holds("EQUIPEMENT")).toEqual([]);
});

it.each<[readonly EquipmentType[], readonly JustificatifKind[], readonly JustificatifKind[]]>([
  [["MATERIEL"], ["PHOTO_STICKER"], ["FACTURE_FLOCAGE", "PHOTO_FLOCAGE"]],
  [["OUTILLAGE"], ["PHOTO_STICKER"], ["FACTURE_FLOCAGE", "PHOTO_FLOCAGE"]],
  [["VETEMENTS"], ["FACTURE_FLOCAGE"], ["PHOTO_STICKER"]],
  [["VETEMENTS"], ["PHOTO_FLOCAGE"], ["PHOTO_STICKER"]],
  [["OUTILLAGE", "VETEMENTS"], ["PHOTO_STICKER", "FACTURE_FLOCAGE"], ["PHOTO_STICKER"]],
])("T-36: %j is shown by %j, and not by %j", (types, enough, wrong) => {
  const holdsAfter = (kinds: readonly JustificatifKind[]) => {
    const shop = paperShop(CATALOGUE);
    shop.send(declared(types));
    for (const kind of kinds) shop.send(paper(kind));
    return shop.holds("EQUIPEMENT");
  };
  expect(holdsAfter(enough)).toEqual([]);
  expect(holdsAfter(wrong)).toEqual(["JUSTIFICATIF_MISSING"]);
});

it("T-36: silence holds as well; a shop that is not concerned says so, and is paid", () => {
  const shop = paperShop(CATALOGUE);
  shop.send(paper("PHOTO_STICKER"));
  expect(shop.holds("EQUIPEMENT")).toEqual(["DECLARATION_MISSING"]);
  shop.send(declared([]));
  expect(shop.holds("EQUIPEMENT")).toEqual([]);
});

it("T-36: papers are given once for each school year, and a paper for another year is refused", () => {
  const shop = paperShop(CATALOGUE);
  shop.send(declared(["MATERIEL"]));
  shop.send(paper("PHOTO_STICKER"));
  expect(shop.holds("EQUIPEMENT")).toEqual([]);
  expect(shop.holds("EQUIPEMENT", LAST_YEAR)).toEqual(["DECLARATION_MISSING"]);
  const other = paper("PHOTO_STICKER", { reference: "J-2", schoolYear: NEXT_YEAR });
  expect(shop.send(other)).toMatchObject({ outcome: "refused", code: "CONTRADICTION" });
  shop.send(declared(["MATERIEL"], NEXT_YEAR), "2023-09-05");
  expect(shop.holds("EQUIPEMENT", NEXT_YEAR)).toEqual(["JUSTIFICATIF_MISSING"]);
});

it("T-36: a paper that is rejected holds again, until another one comes", () => {
  const shop = paperShop(CATALOGUE);
  shop.send(declared(["OUTILLAGE"]));
  shop.send(paper("PHOTO_STICKER"));
  const rejection = { reference: "PHOTO_STICKER", rejectedOn: "2022-10-03" };
  shop.send({ type: "justificatif.rejected", ...rejection });
  expect(shop.holds("EQUIPEMENT")).toEqual(["JUSTIFICATIF_MISSING"]);
  shop.send(paper("PHOTO_STICKER", { reference: "J-2" }));
  expect(shop.holds("EQUIPEMENT")).toEqual([]);
});

it("T-36: equipment alone waits, unless the data holds all of the shop's transactions", () => {
  const data = catalogueData();
  const { settings } = data;
  const settlement = { ...settings.settlement, holdAll: true };
  const strict = loadProgramme({ ...data, settings: { ...settings, settlement } });
  const book = (programme: typeof CATALOGUE) => paperShop(programme).holds("LIVRES_LOISIR");
  expect(book(CATALOGUE)).toEqual([]);
  expect(book(strict)).toEqual(["DECLARATION_MISSING"]);
});
