// What one validation gives in all, by the checked-in catalogue: each avantage once, and nothing that was not asked for.

import { describe, expect, it } from "vitest";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import * as calendar from "../../catalogue/civil-dates.js";
import type { Attributes } from "../loading/event.js";
import { entitle } from "./entitle.js";

function entitled(change: Partial<Attributes> = {}) {
  const campaign = TEST_PROGRAMME.campaigns.find(({ code }) => code === "2022/2023");
  if (!campaign) throw new Error("the catalogue has the campaign 2022/2023");
  const attributes: Attributes = {
    status: "LYCEEN",
    level: "SECONDE",
    track: "GENERALE",
    formation: null,
    flags: [],
    birthDay: null,
    ...change,
  };
  return entitle({ programme: TEST_PROGRAMME, campaign, accountId: "a-1", attributes, calendar });
}

const codes = (change: Partial<Attributes> = {}) =>
  entitled(change)
    .grants.map(({ avantage }) => avantage)
    .sort();

const EVERY_LYCEEN = [
  "CINEMA",
  "LICENCE",
  "LIVRES_LOISIR",
  "MANUELS_GRATUITS",
  "MUSEE",
  "PSC1",
  "SANTE_COUPON",
  "SPECTACLE",
];

describe("a validation by the catalogue", () => {
  it("gives each avantage that a rule gives, once, and no other", () => {
    expect(codes()).toEqual(EVERY_LYCEEN);
    expect(entitled().notes).toEqual([]);
  });

  it.each([
    ["no formation", null],
    ["a formation that the programme does not have", "FER"],
  ])("gives no equipment for %s", (_what, formation) => {
    expect(codes({ formation })).toEqual(EVERY_LYCEEN);
  });

  it.each([
    [["MAJORATION_A"], 6000],
    [["MAJORATION_B"], 6000],
    [["MAJORATION_A", "MAJORATION_B"], 6000],
    [["MAJORATION_C"], 3000],
  ])("needs one of the flags that a rule names, not all: %j gives %i", (flags, amount) => {
    const licence = entitled({ flags }).grants.find(({ avantage }) => avantage === "LICENCE");
    expect(licence?.amount).toBe(amount);
  });
});
