// What a validation gives: the highest amount of the rules that hold, in the family's window, by formation, by age.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { Attributes } from "../loading/event.js";
import { entitle } from "./entitle.js";

const rule = (id: string, kind: string, rest: object) => ({ id, kind, ...rest, invented: "test" });
const gives = (id: string, amount: number, when: object = {}, rest: object = {}) =>
  rule(id, "grant", { amount, when, ...rest });
const avantage = (code: string, unit: string, family: string, rules: readonly object[]) => ({
  code,
  label: code,
  unit,
  rules: [
    rule(`${code}/window`, "window", { family }),
    rule(`${code}/paid`, "reimbursed", { by: "convention" }),
    ...rules,
  ],
});

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN", "APPRENTI"],
    level: ["SECONDE", "PREMIERE", "TERMINALE"],
    track: ["PRO", "CAP"],
    flags: ["RAISED", "COMBAT"],
    commitment: ["MISSION"],
    proofs: ["CERTIFICATE"],
    partnerTypes: ["SHOP"],
    partnerFlags: ["combatSport"],
  },
  campaigns: [
    {
      code: "2022/2023",
      rules: [
        ["CULTURE", "2022-09-01", "2023-06-30"],
        ["SPORT", "2022-09-01", "2023-06-30"],
        ["SCOLAIRE", "2022-06-07", "2023-05-31"],
      ].map(([family, firstDay, lastDay]) =>
        rule(`C/${family}`, "window", { family, firstDay, lastDay }),
      ),
    },
    {
      code: "2023/2024",
      rules: [
        rule("D/SCOLAIRE", "window", {
          family: "SCOLAIRE",
          firstDay: null,
          lastDay: "2024-05-31",
        }),
        rule("D/CULTURE", "window", {
          family: "CULTURE",
          firstDay: "2023-09-01",
          lastDay: "2024-06-30",
        }),
      ],
    },
  ],
  avantages: [
    avantage("LIVRES", "EUR_CENT", "CULTURE", [
      gives("LIVRES/base", 1500),
      gives("LIVRES/terminale", 3500, { level: ["TERMINALE"], track: ["PRO"] }),
    ]),
    avantage("LATER", "EUR_CENT", "CULTURE", [
      gives("LATER/next", 9000, { campaign: ["2023/2024"] }),
      gives("LATER/both", 4000, { campaign: ["2022/2023", "2023/2024"] }),
    ]),
    avantage("NEXT_YEAR", "EUR_CENT", "CULTURE", [
      gives("NEXT_YEAR/all", 100, { campaign: ["2023/2024"] }),
    ]),
    avantage("LICENCE", "EUR_CENT", "SPORT", [
      gives("LICENCE/base", 3000),
      gives("LICENCE/raised", 6000, { flags: ["RAISED"] }),
      gives("LICENCE/combat", 6000, { flags: ["COMBAT"] }, { onlyAt: "combatSport" }),
    ]),
    avantage("COMBAT_ONLY", "EUR_CENT", "SPORT", [
      gives("COMBAT_ONLY/combat", 6000, {}, { onlyAt: "combatSport" }),
    ]),
    avantage("MUSEE", "UNLIMITED", "CULTURE", [gives("MUSEE/all", 7)]),
    avantage("COUPON", "COUPON", "SANTE", [gives("COUPON/all", 2)]),
    avantage("ENGAGED", "EUR_CENT", "CULTURE", [
      gives("ENGAGED/commitment", 100, { commitment: ["MISSION"] }),
      gives("ENGAGED/proof", 100, { proofs: ["CERTIFICATE"] }),
    ]),
    avantage("CFA", "RECORD", "SCOLAIRE", [
      gives("CFA/apprenti", 0, { status: ["APPRENTI"] }),
      rule("CFA/age", "age", { fromYears: 14, toYears: 25 }),
    ]),
    avantage("EQUIPEMENT", "EUR_CENT", "SCOLAIRE", [
      rule("EQUIPEMENT/formation", "grantByFormation", {
        when: { status: ["LYCEEN"] },
        totalCentsMin: 5000,
        totalCentsMax: 50000,
      }),
    ]),
    {
      code: "BON_PLAN",
      label: "Bon plan",
      unit: "RECORD",
      rules: [
        rule("BON_PLAN/free", "withoutGrant", {}),
        rule("BON_PLAN/paid", "reimbursed", { by: "convention" }),
        gives("BON_PLAN/all", 0),
      ],
    },
  ],
  formations: [
    {
      code: "BOIS",
      label: "Métiers du bois",
      invented: "test",
      versements: [
        { no: 1, level: "SECONDE", amountCents: 20000 },
        { no: 2, level: "PREMIERE", amountCents: 10000 },
      ],
    },
  ],
  generations: [],
  settings: { accountUrl: "https://compte.example" },
});

const LYCEEN: Attributes = {
  status: "LYCEEN",
  level: "SECONDE",
  track: "PRO",
  formation: null,
  flags: [],
  birthDay: null,
};

function entitled(change: Partial<Attributes> = {}, code = "2022/2023") {
  const campaign = programme.campaigns.find((it) => it.code === code);
  if (!campaign) throw new Error(`the programme has no campaign ${code}`);
  const attributes = { ...LYCEEN, ...change };
  return entitle({ programme, campaign, accountId: "a-1", attributes, calendar });
}

const grantFor = (code: string, change: Partial<Attributes> = {}, campaign = "2022/2023") =>
  entitled(change, campaign).grants.find((grant) => grant.avantage === code);

describe("a validation", () => {
  it("gives an unspent grant in its family's window, under the account, campaign and avantage", () => {
    expect(grantFor("LIVRES")).toEqual({
      id: "a-1/2022/2023/LIVRES",
      avantage: "LIVRES",
      campaign: "2022/2023",
      unit: "EUR_CENT",
      amount: 1500,
      supplement: null,
      spent: 0,
      window: calendar.windowOfDays("2022-09-01", "2023-06-30"),
      ageWindow: null,
      rule: "LIVRES/base",
      revoked: false,
    });
  });

  it.each([
    ["TERMINALE", "PRO", 3500, "LIVRES/terminale"],
    ["TERMINALE", "CAP", 1500, "LIVRES/base"],
    ["PREMIERE", "PRO", 1500, "LIVRES/base"],
  ])("gives %s %s the highest amount, %i, never a sum (T-31)", (level, track, amount, by) => {
    expect(grantFor("LIVRES", { level, track })).toMatchObject({ amount, rule: by });
  });

  it.each<[readonly string[], number, number | null]>([
    [[], 3000, null],
    [["COMBAT"], 3000, 3000],
    [["RAISED"], 6000, null],
    [["COMBAT", "RAISED"], 6000, null],
  ])("with the flags %j gives %i and %j more at a combat club (T-23)", (flags, amount, more) => {
    const supplement = more === null ? null : { amount: more, partnerFlag: "combatSport" };
    expect(grantFor("LICENCE", { flags })).toMatchObject({ amount, supplement });
  });

  it.each([
    ["a rule of one kind of partner alone", "COMBAT_ONLY"],
    ["a family without a window in the campaign", "COUPON"],
    ["an avantage that needs no grant", "BON_PLAN"],
    ["a rule that asks for a commitment or its proof", "ENGAGED"],
    ["a status that no rule names", "CFA"],
    ["a rule of another campaign", "NEXT_YEAR"],
  ])("gives nothing for %s", (_why, code) => {
    expect(grantFor(code)).toBeUndefined();
  });

  it.each([
    ["2022/2023", 4000, "LATER/both"],
    ["2023/2024", 9000, "LATER/next"],
  ])("in %s gives %i, by rules of that campaign alone", (campaign, amount, by) => {
    expect(grantFor("LATER", {}, campaign)).toMatchObject({ amount, rule: by });
  });

  it("gives what has no counter without an amount", () => {
    expect(grantFor("MUSEE")).toMatchObject({ amount: 0, unit: "UNLIMITED" });
  });
});

describe("an avantage that asks for an age", () => {
  const OPENS_MS = Date.parse("2022-06-06T22:00:00Z");
  const ENDS_MS = Date.parse("2023-05-31T22:00:00Z");
  const ageOf = (birthDay: string, campaign?: string) =>
    grantFor("CFA", { status: "APPRENTI", birthDay }, campaign)?.ageWindow;

  it.each(["2005-03-02", "2004-12-31", "2008-06-07", "1997-06-01"])(
    "keeps nothing of the birth day %s: of age over the whole window (T-57)",
    (birthDay) => {
      expect(ageOf(birthDay)).toBeNull();
    },
  );

  it.each([
    ["2008-06-08", Date.parse("2022-06-07T22:00:00Z"), ENDS_MS],
    ["2009-03-02", Date.parse("2023-03-01T23:00:00Z"), ENDS_MS],
    ["1997-05-31", OPENS_MS, Date.parse("2023-05-30T22:00:00Z")],
    ["1997-03-02", OPENS_MS, Date.parse("2023-03-01T23:00:00Z")],
  ])("of %s is for the part of the window in which the age is right", (birthDay, fromMs, toMs) => {
    expect(ageOf(birthDay)).toEqual({ fromMs, toMs });
  });

  it.each(["2015-01-01", "2009-06-01", "1996-06-07", "1980-01-01"])(
    "of %s is never for its holder, and keeps no more than that (T-57)",
    (birthDay) => {
      expect(ageOf(birthDay)).toEqual({ fromMs: ENDS_MS, toMs: ENDS_MS });
    },
  );

  it("in a window that is open since ever has no other end than the window's", () => {
    expect(ageOf("2005-03-02", "2023/2024")).toEqual({
      fromMs: Date.parse("2019-03-01T23:00:00Z"),
      toMs: Date.parse("2024-05-31T22:00:00Z"),
    });
  });

  it("is not granted without a birthDay, and a note says so to those whom it concerns", () => {
    const { grants, notes } = entitled({ status: "APPRENTI" });
    expect(grants.some((grant) => grant.avantage === "CFA")).toBe(false);
    expect(notes).toEqual([expect.stringMatching(/CFA .*birthDay/)]);
    expect(entitled().notes).toEqual([]);
  });
});

describe("the equipment of a formation", () => {
  it.each([
    ["SECONDE", 1, 20000],
    ["PREMIERE", 2, 10000],
  ])("is at the entry in %s its versement %i of %i cents (T-27)", (level, no, amount) => {
    expect(grantFor("EQUIPEMENT", { level, formation: "BOIS" })).toMatchObject({
      id: `a-1/EQUIPEMENT/BOIS/${no}`,
      campaign: "2022/2023",
      amount,
      rule: "EQUIPEMENT/formation",
    });
  });

  it.each<[string, Partial<Attributes>]>([
    ["a level without a versement", { level: "TERMINALE", formation: "BOIS" }],
    ["no formation", { formation: null }],
    ["another status", { status: "APPRENTI", formation: "BOIS" }],
  ])("is nothing for %s", (_why, change) => {
    expect(grantFor("EQUIPEMENT", change)).toBeUndefined();
  });
});
