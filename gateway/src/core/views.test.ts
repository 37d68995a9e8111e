// What of a holder's avantages is shown at a place: open, yet to open, closed or exhausted, and nothing by a motive.

import { describe, expect, it } from "vitest";
import {
  aPartner,
  type CaseOptions,
  grantOf,
  inquiryCase,
  NOW_MS,
  programmeWith,
  ruleOf,
  saleCase,
} from "../../../tests/support/builders.js";
import type { Grant } from "./model.js";
import { othersUsableHere, rulesHere, type ViewPlace, viewOf } from "./views.js";

function placeOf(
  options: CaseOptions = {},
  more: Partial<Pick<ViewPlace, "graceCampaigns">> = {},
): ViewPlace {
  const partner = aPartner(options.partner ?? {});
  return { input: inquiryCase(options), partner, graceCampaigns: null, ...more };
}

const view = (avantage: string, options: CaseOptions = {}, more = {}) =>
  viewOf(placeOf({ avantage, ...options }, more), ruleOf(avantage));

const DATES = { usableFrom: "2022-09-01", usableUntil: "2023-06-30" };
const SPECTACLE = { avantage: "SPECTACLE", label: "Spectacles", unit: "EUR_CENT" };

describe("a view", () => {
  it("of an open grant has its dates and what is left", () => {
    expect(view("SPECTACLE")).toEqual([
      { ...SPECTACLE, ...DATES, state: "open", remaining: { unit: "EUR_CENT", value: 3000 } },
    ]);
  });

  it("of a grant with nothing left is exhausted", () => {
    const grants = [grantOf("SPECTACLE", { spent: 3000 })];
    expect(view("SPECTACLE", { grants, purchaseCents: 100 })).toEqual([
      { ...SPECTACLE, ...DATES, state: "exhausted", remaining: { unit: "EUR_CENT", value: 0 } },
    ]);
  });

  it("of a single use that was made is exhausted, whatever was not taken", () => {
    const grants = [grantOf("LICENCE", { spent: 1 })];
    expect(view("LICENCE", { grants })).toMatchObject([
      { state: "exhausted", remaining: { value: 0 } },
    ]);
  });

  it("of a record has neither balance nor cover", () => {
    const expected = {
      avantage: "APPRENTI_EQUIPEMENT",
      label: "Équipement des apprentis",
      unit: "RECORD",
      usableFrom: "2022-06-07",
      usableUntil: "2023-05-31",
      state: "open",
    };
    expect(view("APPRENTI_EQUIPEMENT")).toEqual([expected]);
    expect(view("APPRENTI_EQUIPEMENT", { purchaseCents: 100 })).toEqual([expected]);
  });

  it("of an avantage without grants is open, without dates", () => {
    expect(view("BON_PLAN")).toEqual([
      { avantage: "BON_PLAN", label: "Bons plans", unit: "RECORD", state: "open" },
    ]);
  });

  it("of a grant that was open since ever has no first day", () => {
    const grants = [grantOf("SPECTACLE", { campaign: "2021/2022" })];
    const [shown] = view("SPECTACLE", { grants, nowMs: Date.parse("2022-06-15T10:00:00Z") });
    expect(shown).toMatchObject({ state: "open", usableUntil: "2022-06-30" });
    expect(shown).not.toHaveProperty("usableFrom");
  });

  it.each<[string, Partial<Grant>, string]>([
    ["yet to open", {}, "notOpen"],
    ["closed", { campaign: "2021/2022" }, "closed"],
  ])("of a grant that is %s has dates and no balance", (_what, change, state) => {
    const nowMs = Date.parse("2022-07-15T10:00:00Z");
    const grants = [grantOf("SPECTACLE", change)];
    const [shown] = view("SPECTACLE", { grants, nowMs });
    expect(shown).toEqual({
      ...SPECTACLE,
      ...(state === "notOpen" ? DATES : { usableUntil: "2022-06-30" }),
      state,
    });
  });

  it("of an older campaign's grant is closed, for a holder who was not validated too", () => {
    const grants = [grantOf("SPECTACLE", { campaign: "2021/2022" })];
    expect(view("SPECTACLE", { grants })).toMatchObject([
      { state: "closed", usableUntil: "2022-06-30" },
    ]);
  });

  it("of several closed grants is the last one", () => {
    const grants = ["2022/2023", "2021/2022"].map((campaign) => grantOf("SPECTACLE", { campaign }));
    const nowMs = Date.parse("2023-08-15T10:00:00Z");
    expect(view("SPECTACLE", { grants, nowMs })).toMatchObject([{ usableUntil: "2023-06-30" }]);
  });

  it("of an aid whose months are over is closed", () => {
    const { window } = grantOf("SPECTACLE");
    const grants = [grantOf("PERMIS_B", { campaign: null, window: { ...window, toMs: NOW_MS } })];
    expect(view("PERMIS_B", { grants })).toMatchObject([{ state: "closed" }]);
  });

  it.each<[string, CaseOptions, object]>([
    ["never granted", { grants: [grantOf("CINEMA")] }, {}],
    ["of nobody who was validated", { grants: [] }, {}],
    [
      "suspended",
      { suspensions: [{ id: "s-1", campaign: "2022/2023", avantages: ["SPECTACLE"] }] },
      {},
    ],
    [
      "for another age",
      { grants: [grantOf("SPECTACLE", { ageWindow: { fromMs: 0, toMs: 1 } })] },
      {},
    ],
    ["not carried by an ended convention", {}, { graceCampaigns: ["2021/2022"] }],
  ])("is none where it is %s", (_what, options, more) => {
    expect(view("SPECTACLE", options, more)).toEqual([]);
  });
});

describe("a cover", () => {
  it("is what would be taken and what would be left to collect", () => {
    expect(view("SPECTACLE", { purchaseCents: 4000 })).toMatchObject([
      { coversCents: 3000, collectCents: 1000 },
    ]);
    expect(view("CINEMA", { quantity: 2 })).toMatchObject([
      { coversQuantity: 2, collectCents: 200 },
    ]);
    expect(view("CINEMA", { quantity: 2 })[0]).not.toHaveProperty("coversCents");
    expect(view("SPECTACLE", { purchaseCents: 1 })[0]).not.toHaveProperty("coversQuantity");
  });

  it("is of a part, though the sale that was declined wanted all", () => {
    const input = saleCase({ exact: true, purchaseCents: 9000 });
    const place: ViewPlace = { input, partner: aPartner(), graceCampaigns: null };
    expect(viewOf(place, ruleOf("SPECTACLE"))).toMatchObject([{ coversCents: 3000 }]);
  });

  it("has the supplement at a partner that gives it", () => {
    const supplement = { amount: 3000, partnerFlag: "combatSport" };
    const grants = [grantOf("LICENCE", { supplement })];
    const at = (flags: readonly string[]) =>
      view("LICENCE", { grants, purchaseCents: 9000, partner: { flags } })[0];
    expect(at(["combatSport"])).toMatchObject({ remaining: { value: 6000 }, coversCents: 6000 });
    expect(at([])).toMatchObject({ remaining: { value: 3000 }, coversCents: 3000 });
  });

  it("is none of more than there is in whole units", () => {
    const [shown] = view("CINEMA", { quantity: 6 });
    expect(shown).toMatchObject({ state: "open", remaining: { unit: "SEAT", value: 5 } });
    expect(shown).not.toHaveProperty("collectCents");
  });
});

describe("a place", () => {
  it("takes what its partner may, in the catalogue's order", () => {
    const agrements = ["SPECTACLE", "CINEMA", "INCONNU"];
    const codes = rulesHere(placeOf({ partner: { agrements } }), "NFC").map(({ code }) => code);
    expect(codes).toEqual(["CINEMA", "SPECTACLE"]);
  });

  it("takes nothing by a channel that is closed to it", () => {
    const programme = programmeWith({ rules: [ruleOf("CINEMA", { channels: ["WEB"] })] });
    const at = placeOf({ programme, partner: { agrements: ["SPECTACLE", "CINEMA"] } });
    expect(rulesHere(at, "NFC").map(({ code }) => code)).toEqual(["SPECTACLE"]);
  });
});

describe("the others that can be used here", () => {
  it("are those that are open: not the declined one, none exhausted, none to come", () => {
    const partner = { agrements: ["SPECTACLE", "CINEMA", "LIVRES_LOISIR", "MUSEE", "PSC1"] };
    const grants = [
      grantOf("SPECTACLE"),
      grantOf("CINEMA", { spent: 5 }),
      grantOf("LIVRES_LOISIR"),
      grantOf("MUSEE", { campaign: "2021/2022" }),
    ];
    const others = othersUsableHere(placeOf({ grants, partner }), ruleOf("SPECTACLE"), "NFC");
    expect(others.map(({ avantage }) => avantage)).toEqual(["LIVRES_LOISIR"]);
  });
});
