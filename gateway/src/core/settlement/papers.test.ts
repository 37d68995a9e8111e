import { describe, expect, it } from "vitest";
import { aPartner, programmeWith, ruleOf } from "../../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import type { EquipmentType, Justificatif, PartnerPapers } from "./model.js";
import { holdsOf, type PaperRules, paperRulesOf, unprovenTypes } from "./papers.js";
import { wordsOfHolds } from "./words.js";

const YEAR = "2022/2023";
const LAST_YEAR = "2021/2022";
const HELD_LINE = { schoolYear: YEAR, heldForPapers: true, ofPaidSale: false };
const OTHER_LINE = { schoolYear: YEAR, heldForPapers: false, ofPaidSale: false };
const RULES: PaperRules = { holdAll: false, owesPapers: () => true };

function papersOf(change: Partial<PartnerPapers> = {}): PartnerPapers {
  return {
    partnerId: "partner-1",
    name: "Tout pour l'atelier",
    types: ["EQUIPEMENT"],
    flags: [],
    declarations: [],
    justificatifs: [],
    bank: { holder: "Atelier", iban: "FR7630006000011234567890189", bic: null },
    ...change,
  };
}

function justificatif(change: Partial<Justificatif> = {}): Justificatif {
  return {
    reference: "J-1",
    schoolYear: YEAR,
    kind: "PHOTO_STICKER",
    receivedOn: "2022-09-10",
    rejectedOn: null,
    ...change,
  };
}

const declared = (...types: readonly EquipmentType[]) => ({
  declarations: [{ schoolYear: YEAR, types }],
});

describe("a line that waits for papers", () => {
  it.each<[string, Partial<PartnerPapers>, readonly string[]]>([
    ["nothing was said", {}, ["DECLARATION_MISSING"]],
    [
      "only last year's declaration is there",
      { declarations: [{ schoolYear: LAST_YEAR, types: [] }] },
      ["DECLARATION_MISSING"],
    ],
    [
      "papers came without a declaration",
      { justificatifs: [justificatif()] },
      ["DECLARATION_MISSING"],
    ],
    ["the shop said that it is not concerned", declared(), []],
    [
      "it is not concerned this year, and was last year",
      {
        declarations: [
          { schoolYear: LAST_YEAR, types: ["OUTILLAGE"] },
          { schoolYear: YEAR, types: [] },
        ],
      },
      [],
    ],
    ["no paper came", declared("OUTILLAGE"), ["JUSTIFICATIF_MISSING"]],
    [
      "the paper is of another year",
      { ...declared("OUTILLAGE"), justificatifs: [justificatif({ schoolYear: LAST_YEAR })] },
      ["JUSTIFICATIF_MISSING"],
    ],
    [
      "the paper was rejected",
      { ...declared("OUTILLAGE"), justificatifs: [justificatif({ rejectedOn: "2022-09-20" })] },
      ["JUSTIFICATIF_MISSING"],
    ],
    [
      "the paper is for other goods",
      { ...declared("VETEMENTS"), justificatifs: [justificatif()] },
      ["JUSTIFICATIF_MISSING"],
    ],
    [
      "one of two types has its paper",
      { ...declared("VETEMENTS", "MATERIEL"), justificatifs: [justificatif()] },
      ["JUSTIFICATIF_MISSING"],
    ],
    [
      "the sticker's photo is there",
      { ...declared("MATERIEL", "OUTILLAGE"), justificatifs: [justificatif()] },
      [],
    ],
    [
      "clothes have their invoice",
      { ...declared("VETEMENTS"), justificatifs: [justificatif({ kind: "FACTURE_FLOCAGE" })] },
      [],
    ],
    [
      "clothes have their photo",
      { ...declared("VETEMENTS"), justificatifs: [justificatif({ kind: "PHOTO_FLOCAGE" })] },
      [],
    ],
  ])("where %s", (_, papers, holds) => {
    expect(holdsOf(HELD_LINE, papersOf(papers), RULES)).toEqual(holds);
  });
});

it("no type lacks its paper where none was declared for the year", () => {
  expect(unprovenTypes(papersOf(), YEAR)).toEqual([]);
});

describe("a line of another avantage", () => {
  it("waits for no papers (T-36)", () => {
    expect(holdsOf(OTHER_LINE, papersOf(), RULES)).toEqual([]);
  });

  it("waits with the others where the setting says so, at a partner that owes papers", () => {
    const holdAll = { ...RULES, holdAll: true };
    expect(holdsOf(OTHER_LINE, papersOf(), holdAll)).toEqual(["DECLARATION_MISSING"]);
    expect(holdsOf(OTHER_LINE, papersOf(), { ...holdAll, owesPapers: () => false })).toEqual([]);
  });
});

it("what was given back of a paid sale waits for no papers, whoever owes them", () => {
  const back = { ofPaidSale: true, schoolYear: YEAR };
  const holdAll = { ...RULES, holdAll: true };
  expect(holdsOf({ ...back, heldForPapers: true }, papersOf(), RULES)).toEqual([]);
  expect(holdsOf({ ...back, heldForPapers: false }, papersOf(), holdAll)).toEqual([]);
});

it("nothing is released while nobody knows which account to pay", () => {
  expect(holdsOf(OTHER_LINE, papersOf({ bank: null }), RULES)).toEqual(["BANK_DETAILS_MISSING"]);
  expect(holdsOf(HELD_LINE, papersOf({ bank: null }), RULES)).toEqual([
    "DECLARATION_MISSING",
    "BANK_DETAILS_MISSING",
  ]);
});

it("papers are owed by who takes an avantage that waits for them, a group buyer included", () => {
  const { owesPapers, holdAll } = paperRulesOf(TEST_PROGRAMME);
  expect(holdAll).toBe(false);
  expect(owesPapers(aPartner({ types: ["CINEMA", "EQUIPEMENT"], flags: [] }))).toBe(true);
  expect(owesPapers(aPartner({ types: ["ETABLISSEMENT"], flags: ["achatGroupe"] }))).toBe(true);
  expect(owesPapers(aPartner({ types: ["ETABLISSEMENT"], flags: [] }))).toBe(false);
  expect(owesPapers(aPartner({ types: ["CINEMA"], flags: [] }))).toBe(false);
  const settlement = { ...TEST_PROGRAMME.settings.settlement, holdAll: true };
  expect(paperRulesOf(programmeWith({ settings: { settlement } })).holdAll).toBe(true);
});

it("papers are owed by who takes one of several avantages that wait for them", () => {
  const { reimbursement } = ruleOf("EQUIPEMENT");
  const { owesPapers } = paperRulesOf(
    programmeWith({ rules: [ruleOf("CINEMA", { reimbursement })] }),
  );
  expect(owesPapers(aPartner({ types: ["EQUIPEMENT"], flags: [] }))).toBe(true);
  expect(owesPapers(aPartner({ types: ["CINEMA"], flags: [] }))).toBe(true);
});

describe("the words of a hold", () => {
  const words = (holds: Parameters<typeof wordsOfHolds>[0]["holds"], papers: PartnerPapers) =>
    wordsOfHolds({ holds, schoolYear: YEAR }, papers).join(" ");

  it("name the year, what to send and to whom", () => {
    const silent = words(["DECLARATION_MISSING"], papersOf());
    expect(silent).toContain("2022/2023");
    expect(silent).toMatch(/indiquez à la Région le type d'équipement/);
    expect(silent).toMatch(/pas concerné/);
    const unproven = words(["JUSTIFICATIF_MISSING"], papersOf(declared("VETEMENTS")));
    expect(unproven).toMatch(/2022\/2023 : transmettez à la Région une facture/);
    expect(unproven).not.toContain("sticker");
    const nowhere = words(["BANK_DETAILS_MISSING"], papersOf({ bank: null }));
    expect(nowhere).toMatch(/transmettez à la Région le relevé d'identité bancaire/);
  });

  it("ask for the paper of each type that lacks one", () => {
    const asked = (...types: readonly EquipmentType[]) =>
      words(["JUSTIFICATIF_MISSING"], papersOf(declared(...types)));
    expect(asked("MATERIEL")).toMatch(/une photo du sticker de la Région apposé sur le matériel\./);
    expect(asked("MATERIEL")).not.toMatch(/l'outillage|flocage/);
    expect(asked("OUTILLAGE", "VETEMENTS")).toMatch(
      /une photo du sticker de la Région apposé sur l'outillage, et une facture mentionnant le flocage/,
    );
  });

  it("are as many as the reasons, and none where nothing holds the line", () => {
    const both = wordsOfHolds(
      { holds: ["DECLARATION_MISSING", "BANK_DETAILS_MISSING"], schoolYear: YEAR },
      papersOf({ bank: null }),
    );
    expect(both).toHaveLength(2);
    expect(wordsOfHolds({ holds: [], schoolYear: YEAR }, papersOf())).toEqual([]);
  });
});
