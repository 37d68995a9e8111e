// Grants held to the rules of several programmes: what each way of giving and raising leaves behind fits.

import { describe, expect, it } from "vitest";
import { catalogueData } from "../../../tests/support/programme.js";
import { windowOfDays, windowOfMonths } from "../catalogue/civil-dates.js";
import { loadProgramme } from "../catalogue/programme.js";
import type { OwnedGrant } from "./driver.js";
import { createGrantRules } from "./grant-rules.js";

const calendar = { windowOfMonths };
const data = catalogueData();
const programme = loadProgramme(data);

/** The catalogue of a year later: a dearer book, and a month more for culture. */
const later = loadProgramme({
  ...data,
  campaigns: data.campaigns.map((campaign) => ({
    ...campaign,
    rules: campaign.rules.map((rule) =>
      rule.id === "2022_2023/CULTURE" ? { ...rule, lastDay: "2023-07-31" } : rule,
    ),
  })),
  avantages: data.avantages.map((avantage) => ({
    ...avantage,
    rules: avantage.rules.map((rule) =>
      rule.id === "LIVRES_LOISIR/base" ? { ...rule, amount: 1700 } : rule,
    ),
  })),
});
const rules = createGrantRules([programme, later], calendar);

const CULTURE = windowOfDays("2022-09-01", "2023-06-30");
const SCOLAIRE = windowOfDays("2022-06-07", "2023-05-31");
const FULFILLED_MS = Date.parse("2023-03-15T10:00:00Z");

function misfits(change: Partial<OwnedGrant>): string {
  const grant: OwnedGrant = {
    accountId: "a-1",
    id: "a-1/2022/2023/LIVRES_LOISIR",
    avantage: "LIVRES_LOISIR",
    campaign: "2022/2023",
    unit: "EUR_CENT",
    amount: 1500,
    supplement: null,
    spent: 0,
    window: CULTURE,
    ageWindow: null,
    rule: "LIVRES_LOISIR/base",
    revoked: false,
    ...change,
  };
  expect(rules.isKnown(grant.rule)).toBe(true);
  return rules.misfits(grant, [FULFILLED_MS]).join();
}

describe("a grant fits", () => {
  it.each<[string, Partial<OwnedGrant>]>([
    ["the rule's amount", {}],
    ["its amount under a later programme", { amount: 1700 }],
    ["a window of a later programme", { window: windowOfDays("2022-09-01", "2023-07-31") }],
    ["any number of coupons", coupons(7)],
    ["a versement", versement("BACPRO_CUISINE/1")],
    ["a versement in its second campaign", versement("BACPRO_CUISINE/1/2022/2023")],
    ["months from the day of a commitment", ownMonths(FULFILLED_MS)],
    ["a supplement up to its rule's amount", licence(3000, 3000)],
  ])("with %s", (_what, change) => {
    expect(misfits(change)).toBe("");
  });
});

describe("a grant does not fit", () => {
  it.each<[string, Partial<OwnedGrant>, string]>([
    ["an amount of no programme", { amount: 1600 }, "its amount 1600"],
    ["another formation's versement", versement("BACPRO_METIERS_DU_BOIS/1"), "its amount 25000"],
    ["a versement's id of another campaign", versement("BACPRO_CUISINE/1/2021/2022"), "its amount"],
    ["months from another day", ownMonths(FULFILLED_MS + 1), "when no commitment was fulfilled"],
    ["a supplement above its rule's amount", licence(3000, 3001), "its supplement of 3001"],
    ["a window without a campaign", { campaign: null }, "its window"],
    ["an avantage of no programme", { avantage: "GONE" }, "gives no GONE"],
  ])("with %s", (_what, change, said) => {
    expect(misfits(change)).toContain(said);
  });

  it("when nobody knows its rule: there is nothing to hold it to", () => {
    expect(rules.isKnown("")).toBe(false);
  });
});

function coupons(amount: number): Partial<OwnedGrant> {
  const rule = programme.avantages.get("SANTE_COUPON")?.grants[0]?.id ?? "";
  return { avantage: "SANTE_COUPON", unit: "COUPON", rule, amount };
}

function versement(name: string): Partial<OwnedGrant> {
  const rule = programme.avantages.get("EQUIPEMENT")?.grants[0]?.id ?? "";
  const id = `a-1/EQUIPEMENT/${name}`;
  return { id, avantage: "EQUIPEMENT", rule, amount: 25_000, window: SCOLAIRE };
}

function ownMonths(fromMs: number): Partial<OwnedGrant> {
  const [rule] = programme.avantages.get("PERMIS_B")?.grants ?? [];
  const { id = "", amount } = rule ?? {};
  const window = windowOfMonths(fromMs, 24);
  return { avantage: "PERMIS_B", campaign: null, rule: id, amount: amount ?? 0, window };
}

function licence(amount: number, more: number): Partial<OwnedGrant> {
  const supplement = { amount: more, partnerFlag: "combatSport" };
  return { avantage: "LICENCE", rule: "LICENCE/base", amount, supplement };
}
