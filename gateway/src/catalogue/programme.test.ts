// The programme is data: checked as a whole, hashed, and refused with place and reason where it is wrong.

import { describe, expect, it } from "vitest";
import { catalogueData, TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { CatalogueError } from "./catalogue-error.js";
import { loadProgramme, type ProgrammeData } from "./programme.js";

const invented = "For tests.";
const WORDS = ["A"];

const spectacle: ProgrammeData["avantages"][number] = {
  code: "SPECTACLE",
  label: "Spectacle",
  unit: "EUR_CENT",
  rules: [
    { id: "SPECTACLE/window", kind: "window", family: "CULTURE", invented },
    { id: "SPECTACLE/reimbursed", kind: "reimbursed", by: "debit", invented },
  ],
};
const campaign: ProgrammeData["campaigns"][number] = {
  code: "2022/2023",
  rules: [
    {
      id: "C/CULTURE",
      kind: "window",
      family: "CULTURE",
      firstDay: "2022-09-01",
      lastDay: "2023-06-30",
      invented,
    },
  ],
};
const DATA: ProgrammeData = {
  vocabulary: {
    status: WORDS,
    level: WORDS,
    track: WORDS,
    flags: WORDS,
    commitment: WORDS,
    proofs: WORDS,
    partnerTypes: WORDS,
    partnerFlags: WORDS,
  },
  campaigns: [campaign],
  avantages: [spectacle],
  generations: [{ code: "2022", nfc: "sdm", invented }],
  settings: { accountUrl: "https://compte.example" },
};

function misfitsOf(data: unknown): CatalogueError["misfits"] {
  try {
    loadProgramme(data);
  } catch (error) {
    if (error instanceof CatalogueError) return error.misfits;
    throw error;
  }
  return [];
}

describe("a programme", () => {
  it("has the defaults of the rules where its data is silent", () => {
    const { settings, formations } = loadProgramme(DATA);
    expect(settings).toEqual({
      pinTriesMax: 3,
      nfcRequiresPinDefined: true,
      accountUrl: "https://compte.example",
      velocity: null,
      holdMs: 1_800_000,
      settlement: { lastWeekday: 7, holdAll: false, payer: null },
    });
    expect(formations.size).toBe(0);
  });

  it("counts a velocity in milliseconds", () => {
    const velocity = { salesMax: 5, withinSeconds: 60 };
    const { settings } = loadProgramme({ ...DATA, settings: { ...DATA.settings, velocity } });
    expect(settings.velocity).toEqual({ salesMax: 5, withinMs: 60_000 });
  });

  it("counts a hold in milliseconds", () => {
    const settings = { ...DATA.settings, holdMinutes: 90 };
    expect(loadProgramme({ ...DATA, settings }).settings.holdMs).toBe(5_400_000);
  });

  it("says who pays partners back, when, and what waits for papers", () => {
    const payer = { name: "La Région", iban: "FR7630006000011234567890189", invented };
    const settlement = { lastWeekday: 5, holdAll: true, payer };
    const { settings } = loadProgramme({ ...DATA, settings: { ...DATA.settings, settlement } });
    const { name, iban } = payer;
    expect(settings.settlement).toEqual({ ...settlement, payer: { name, iban, bic: null } });
  });

  it("is known by a hash that any change of its data changes", () => {
    const { hash } = loadProgramme(DATA);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(loadProgramme(structuredClone(DATA)).hash).toBe(hash);
    const settings = { ...DATA.settings, pinTriesMax: 4 };
    expect(loadProgramme({ ...DATA, settings }).hash).not.toBe(hash);
  });

  it("can be made again from what it keeps of its data", () => {
    const programme = loadProgramme(catalogueData());
    expect(loadProgramme(JSON.parse(programme.json))).toEqual(programme);
  });

  it.each<[string, object, readonly (string | number)[], RegExp]>([
    ["a field that is not known", { extra: 1 }, [], /extra/],
    ["no avantage", { avantages: [] }, ["avantages"], />=1/],
    ["no campaign", { campaigns: [] }, ["campaigns"], />=1/],
    [
      "a unit that is none",
      { avantages: [{ ...spectacle, unit: "EUR" }] },
      ["avantages", 0, "unit"],
      /EUR_CENT/,
    ],
    [
      "a rule that is none",
      { avantages: [{ ...spectacle, rules: [{ id: "X", kind: "discount", invented }] }] },
      ["avantages", 0, "rules", 0, "kind"],
      /Invalid/,
    ],
    [
      "a rule without an id",
      { avantages: [{ ...spectacle, rules: [{ kind: "singleUse", invented }] }] },
      ["avantages", 0, "rules", 0, "id"],
      /string/,
    ],
    [
      "a rule id with a blank",
      { avantages: [{ ...spectacle, rules: [{ id: "X Y", kind: "singleUse", invented }] }] },
      ["avantages", 0, "rules", 0, "id"],
      /must be like CINEMA\/copay/,
    ],
    [
      "a day that is none",
      { campaigns: [{ code: "A", rules: [{ ...campaign.rules[0], lastDay: "2023-02-30" }] }] },
      ["campaigns", 0, "rules", 0, "lastDay"],
      /Invalid/,
    ],
    [
      "part of a cent",
      {
        avantages: [{ ...spectacle, rules: [{ id: "X", kind: "grant", amount: 30.5, invented }] }],
      },
      ["avantages", 0, "rules", 0, "amount"],
      /int/,
    ],
    [
      "a word of two words",
      { vocabulary: { ...DATA.vocabulary, status: ["A B"] } },
      ["vocabulary", "status", 0],
      /must be a word/,
    ],
    [
      "no try of the PIN",
      { settings: { ...DATA.settings, pinTriesMax: 0 } },
      ["settings", "pinTriesMax"],
      />=1/,
    ],
    [
      "a hold of no time",
      { settings: { ...DATA.settings, holdMinutes: 0 } },
      ["settings", "holdMinutes"],
      />=1/,
    ],
    [
      "a hold of more than a week",
      { settings: { ...DATA.settings, holdMinutes: 7 * 24 * 60 + 1 } },
      ["settings", "holdMinutes"],
      /<=10080/,
    ],
    [
      "an eighth day of the week",
      { settings: { ...DATA.settings, settlement: { lastWeekday: 8 } } },
      ["settings", "settlement", "lastWeekday"],
      /<=7/,
    ],
    [
      "an account that is none",
      {
        settings: {
          ...DATA.settings,
          settlement: { payer: { name: "A", iban: "FR7630006000011234567890188", invented } },
        },
      },
      ["settings", "settlement", "payer", "iban"],
      /IBAN/,
    ],
    [
      "a bank that is none",
      {
        settings: {
          ...DATA.settings,
          settlement: {
            payer: { name: "A", iban: "FR7630006000011234567890189", bic: "AGRI", invented },
          },
        },
      },
      ["settings", "settlement", "payer", "bic"],
      /BIC/,
    ],
  ])("with %s is refused with place and reason", (_what, change, path, reason) => {
    const misfits = misfitsOf({ ...DATA, ...change });
    expect(misfits).toContainEqual({ path, reason: expect.stringMatching(reason) });
    expect(() => loadProgramme({ ...DATA, ...change })).toThrow(
      path.length === 0 ? "programme: " : `${path.join(".")}: `,
    );
  });

  it("is refused for all that does not fit, at once", () => {
    const data = { ...DATA, avantages: [spectacle, spectacle], campaigns: [campaign, campaign] };
    expect(misfitsOf(data).map(({ reason }) => reason)).toEqual([
      "2022/2023 is defined twice",
      "SPECTACLE is defined twice",
      "rule C/CULTURE is defined twice",
      "rule SPECTACLE/window is defined twice",
      "rule SPECTACLE/reimbursed is defined twice",
    ]);
    expect(() => loadProgramme(data)).toThrow(
      /^campaigns\.1\.code: 2022\/2023 is defined twice\navantages\.1\.code: SPECTACLE is/,
    );
  });
});

describe("the checked-in catalogue", () => {
  it("loads, with every avantage of the campaign", () => {
    expect([...TEST_PROGRAMME.avantages.keys()]).toEqual([
      "MANUELS_GRATUITS",
      "MANUELS_CREDIT",
      "APPRENTI_EQUIPEMENT",
      "EQUIPEMENT",
      "LICENCE",
      "CINEMA",
      "SPECTACLE",
      "LIVRES_LOISIR",
      "MUSEE",
      "KIOSQUE",
      "SANTE_COUPON",
      "PSC1",
      "PERMIS_B",
      "BON_PLAN",
    ]);
    expect(TEST_PROGRAMME.campaigns.map(({ code }) => code)).toEqual(["2021/2022", "2022/2023"]);
  });

  it("has chips that prove themselves without ceilings, and identifiers with (T-12)", () => {
    expect([...loadProgramme(catalogueData()).generations.values()]).toEqual([
      { code: "SDM-1", nfc: "sdm", qr: "signed", ceilings: null },
      {
        code: "ID-1",
        nfc: "identifier",
        qr: "number",
        ceilings: { tapCents: 3_000, dayCents: 6_000 },
      },
    ]);
  });

  it("has what a formation gives, and the words that rules may use", () => {
    const { formations, vocabulary } = TEST_PROGRAMME;
    expect(formations.get("CAP_FLEURISTE")).toEqual({
      code: "CAP_FLEURISTE",
      label: "CAP Fleuriste",
      versements: [{ no: 1, level: "CAP_1", amountCents: 5_000 }],
    });
    expect(vocabulary).toEqual(catalogueData().vocabulary);
  });

  it("names no handicap, health or gender in any word that a validation sends", () => {
    expect(TEST_PROGRAMME.vocabulary.flags).toEqual([
      "MAJORATION_A",
      "MAJORATION_B",
      "MAJORATION_C",
    ]);
  });
});
