// Each rule of the data becomes the field that decisions read; what is not said has its default.

import { describe, expect, it } from "vitest";
import { compileAvantage, compileCampaign, compileGeneration } from "./compile.js";
import type { AvantageRuleData, CampaignRuleData } from "./schema.js";

const avantage = (...rules: readonly AvantageRuleData[]) =>
  compileAvantage({ code: "A", label: "Un avantage", unit: "EUR_CENT", rules: [...rules] });

const SILENT = {
  code: "A",
  label: "Un avantage",
  unit: "EUR_CENT",
  family: null,
  validMonths: null,
  needsGrant: true,
  singleUse: false,
  individual: false,
  copayCentsPerUnit: 0,
  channels: ["NFC", "QR", "KEYED", "WEB"],
  partners: [],
  unitsPerSaleMax: null,
  purchaseCentsMax: null,
  declaredValue: false,
  sameVisitMs: null,
  age: null,
  outsideSuspension: false,
  reimbursement: { by: "nothing", tariffCentsPerUnit: null, heldForPapers: false },
  grants: [],
};
const EVERYBODY = {
  campaign: null,
  status: null,
  level: null,
  track: null,
  flags: null,
  commitment: null,
  proofs: null,
};

describe("an avantage", () => {
  it("without rules has the defaults", () => {
    expect(avantage()).toEqual(SILENT);
  });

  const id = "A/x";
  it.each<[AvantageRuleData, object]>([
    [{ id, kind: "window", family: "SPORT" }, { family: "SPORT" }],
    [{ id, kind: "ownWindow", months: 24 }, { validMonths: 24 }],
    [{ id, kind: "withoutGrant" }, { needsGrant: false }],
    [{ id, kind: "singleUse" }, { singleUse: true }],
    [{ id, kind: "individual" }, { individual: true }],
    [{ id, kind: "copay", centsPerUnit: 100 }, { copayCentsPerUnit: 100 }],
    [{ id, kind: "channels", channels: ["WEB"] }, { channels: ["WEB"] }],
    [{ id, kind: "unitsPerSaleMax", units: 2 }, { unitsPerSaleMax: 2 }],
    [{ id, kind: "purchaseMax", cents: 5_000 }, { purchaseCentsMax: 5_000 }],
    [{ id, kind: "declaredValue" }, { declaredValue: true }],
    [{ id, kind: "sameVisit", seconds: 60 }, { sameVisitMs: 60_000 }],
    [{ id, kind: "age", fromYears: 14, toYears: 25 }, { age: { fromYears: 14, toYears: 25 } }],
    [{ id, kind: "outsideSuspension" }, { outsideSuspension: true }],
    [
      { id, kind: "reimbursed", by: "tariff", tariffCentsPerUnit: 520 },
      { reimbursement: { by: "tariff", tariffCentsPerUnit: 520, heldForPapers: false } },
    ],
    [
      { id, kind: "reimbursed", by: "debit" },
      { reimbursement: { by: "debit", tariffCentsPerUnit: null, heldForPapers: false } },
    ],
    [
      { id, kind: "heldForPapers" },
      { reimbursement: { by: "nothing", tariffCentsPerUnit: null, heldForPapers: true } },
    ],
    [
      { id, kind: "grant", amount: 5, when: { status: ["LYCEEN"], proofs: ["BREVET"] } },
      {
        grants: [
          {
            id,
            amount: 5,
            when: { ...EVERYBODY, status: ["LYCEEN"], proofs: ["BREVET"] },
            onlyAt: null,
          },
        ],
      },
    ],
    [
      { id, kind: "grant", amount: 5, when: {}, onlyAt: "combatSport" },
      { grants: [{ id, amount: 5, when: EVERYBODY, onlyAt: "combatSport" }] },
    ],
    [
      {
        id,
        kind: "grantByFormation",
        when: { level: ["SECONDE"], track: ["CAP"], flags: ["F"], commitment: ["JSP"] },
        totalCentsMin: 1,
        totalCentsMax: 2,
      },
      {
        grants: [
          {
            id,
            amount: null,
            when: {
              ...EVERYBODY,
              level: ["SECONDE"],
              track: ["CAP"],
              flags: ["F"],
              commitment: ["JSP"],
            },
            onlyAt: null,
          },
        ],
      },
    ],
  ])("with %o has %o and the defaults beside it", (rule, fields) => {
    expect(avantage(rule)).toEqual({ ...SILENT, ...fields });
  });

  it("keeps all its kinds of partner and all its grants, in their order", () => {
    const { partners, grants } = avantage(
      { id: "A/1", kind: "partner", type: "EQUIPEMENT" },
      { id: "A/2", kind: "grant", amount: 2, when: {} },
      { id: "A/3", kind: "partner", type: "ETABLISSEMENT", flag: "achatGroupe" },
      { id: "A/4", kind: "grant", amount: 1, when: {} },
    );
    expect(partners).toEqual([
      { type: "EQUIPEMENT", flag: null },
      { type: "ETABLISSEMENT", flag: "achatGroupe" },
    ]);
    expect(grants.map((grant) => grant.id)).toEqual(["A/2", "A/4"]);
  });
});

describe("a campaign", () => {
  const window: CampaignRuleData = {
    id: "C/SPORT",
    kind: "window",
    family: "SPORT",
    firstDay: "2022-09-01",
    lastDay: "2023-06-30",
  };
  const campaign = (...rules: readonly CampaignRuleData[]) =>
    compileCampaign({ code: "C", rules: [window, ...rules] });

  it("has the windows of its civil days in Paris, and ends with the last of them", () => {
    const scolaire: CampaignRuleData = {
      id: "C/SCOLAIRE",
      kind: "window",
      family: "SCOLAIRE",
      firstDay: null,
      lastDay: "2023-05-31",
    };
    expect(campaign(scolaire)).toEqual({
      code: "C",
      windows: {
        SPORT: {
          fromMs: Date.parse("2022-08-31T22:00:00Z"),
          toMs: Date.parse("2023-06-30T22:00:00Z"),
          firstDay: "2022-09-01",
          lastDay: "2023-06-30",
        },
        SCOLAIRE: {
          fromMs: null,
          toMs: Date.parse("2023-05-31T22:00:00Z"),
          firstDay: null,
          lastDay: "2023-05-31",
        },
      },
      ordersFromMs: null,
      validationsFromMs: null,
      endsAtMs: Date.parse("2023-06-30T22:00:00Z"),
      conventionGrace: null,
    });
  });

  it("has the instants from which cards are ordered and pupils validated", () => {
    const orders = { id: "C/o", kind: "ordersFrom", day: "2022-06-07" } as const;
    const validations = { id: "C/v", kind: "validationsFrom", day: "2022-06-08" } as const;
    expect(campaign(orders, validations)).toMatchObject({
      ordersFromMs: Date.parse("2022-06-06T22:00:00Z"),
      validationsFromMs: Date.parse("2022-06-07T22:00:00Z"),
    });
  });

  it("has a grace whose days are both included (T-05)", () => {
    const grace: CampaignRuleData = {
      id: "C/g",
      kind: "conventionGrace",
      endedOn: "2022-05-31",
      untilDay: "2022-06-30",
    };
    expect(campaign(grace).conventionGrace).toEqual({
      endedAtMs: Date.parse("2022-05-31T22:00:00Z"),
      untilMs: Date.parse("2022-06-30T22:00:00Z"),
    });
  });
});

describe("a card generation", () => {
  const base = { code: "G", qr: "signed" } as const;
  const own = { tapCents: 1, dayCents: 2 };

  it.each([
    ["has no ceiling where its chip proves itself", { ...base, nfc: "sdm" }, null],
    [
      "has those of 30 and 60 € where it only names itself (T-12)",
      { ...base, nfc: "identifier" },
      { tapCents: 3_000, dayCents: 6_000 },
    ],
    ["has its own", { ...base, nfc: "identifier", ceilings: own }, own],
    ["has its own though it proves itself", { ...base, nfc: "sdm", ceilings: own }, own],
    ["has none where the data says so", { ...base, nfc: "identifier", ceilings: null }, null],
  ] as const)("%s", (_what, data, ceilings) => {
    expect(compileGeneration(data)).toEqual({ code: "G", nfc: data.nfc, qr: "signed", ceilings });
  });
});
