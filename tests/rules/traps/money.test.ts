// Traps of amounts, grants and what is loaded again (T-19 to T-39), on the checked-in catalogue.

import { expect, it } from "vitest";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import { catalogueData } from "../../support/programme.js";
import { at, CATALOGUE, JULY_2022, JUNE_2022, MAY_2022 } from "../support/catalogue.js";
import {
  anApprenti,
  commitment,
  LAST_YEAR,
  order,
  revocation,
  suspension,
  THIS_YEAR,
  validation,
} from "../support/events.js";
import { openRegister, type Register, validated } from "../support/register.js";
import { verdict } from "../support/rule-check.js";

const CLUB = { types: ["CLUB_SPORTIF"], flags: [] };
const COMBAT_CLUB = { types: ["CLUB_SPORTIF"], flags: ["combatSport"] };
const MOST = { purchaseCents: 99_999 };

/** A pupil of a formation with two versements, in Seconde last year; then whatever this year says. */
function secondYear(attributes: object): { register: Register; notes: readonly string[] } {
  const formation = "BACPRO_CUISINE";
  const pupil = { track: "PROFESSIONNELLE", formation };
  const register = openRegister(CATALOGUE);
  register.send(order({ campaign: LAST_YEAR }), MAY_2022);
  register.send(validation({ ...pupil, level: "SECONDE" }, LAST_YEAR), MAY_2022);
  const again = register.send(validation({ ...pupil, ...attributes }), JULY_2022);
  return { register, notes: again.outcome === "refused" ? [again.detail] : again.notes };
}

it("T-19: a validation that is sent again grants nothing more and resets nothing", () => {
  const register = validated(CATALOGUE);
  register.sell("SPECTACLE", { purchaseCents: 2000 });
  register.sell("CINEMA", { quantity: 4 });
  const before = register.file();
  expect(register.send(validation()).outcome).toBe("unchanged");
  expect(register.file()).toEqual(before);
});

it("T-20: what is available is taken and the rest is left to collect", () => {
  const book = validated(CATALOGUE).decideSale("LIVRES_LOISIR", { purchaseCents: 2000 });
  expect(book).toMatchObject({
    code: "APPROVED_PARTIAL",
    figures: { amountCents: 1500, collectCents: 500 },
  });
  const licence = validated(CATALOGUE).decideSale("LICENCE", { purchaseCents: 15_000 });
  expect(licence.figures).toMatchObject({ amountCents: 3000, collectCents: 12_000 });
});

it("T-20: a till that cannot show a rest is told what is available, once the credential passed", () => {
  const register = validated(CATALOGUE);
  const asked = { purchaseCents: 2000, exact: true };
  const sale = register.decideSale("LIVRES_LOISIR", asked);
  expect(sale).toMatchObject({
    code: "INSUFFICIENT_BALANCE",
    figures: { available: { value: 1500 } },
    effects: [{ type: "advanceKsn" }, { type: "markDecided" }, { type: "issueProof" }],
  });
  const stranger = register.decideSale("LIVRES_LOISIR", {
    ...asked,
    facts: { kind: "keyed", pin: null },
  });
  expect(stranger).toMatchObject({ code: "PIN_REQUIRED", figures: {} });
});

it("T-22: after the window money goes back to its grant, suspended or not, and stays out of reach", () => {
  const register = validated(CATALOGUE);
  const sale = register.sell("SPECTACLE", at("2023-06-30T10:00:00Z"));
  const july = at("2023-07-10T10:00:00Z");
  register.send(suspension("ALL"), july);
  expect(register.giveBack(sale).figures.returned).toEqual({ unit: "EUR_CENT", value: 1000 });
  expect(register.grant("SPECTACLE")?.spent).toBe(0);
  expect(verdict(register.decideSale("SPECTACLE", july))).toBe("WINDOW_CLOSED");
});

it("T-23: an inquiry shows 30 € at another club and 60 € at a combat-sports club", () => {
  const register = validated(CATALOGUE, { flags: ["MAJORATION_C"] });
  const shown = (partner: object) =>
    register.inquire({ avantage: "LICENCE", partner }).avantages[0]?.remaining?.value;
  expect([shown(CLUB), shown(COMBAT_CLUB)]).toEqual([3000, 6000]);
});

it("T-23: the supplement is drawn in the same single sale, and not in a second one", () => {
  const register = validated(CATALOGUE, { flags: ["MAJORATION_C"] });
  const first = register.sell("LICENCE", { ...MOST, partner: CLUB });
  expect(first.figures.amountCents).toBe(3000);
  expect(verdict(register.sell("LICENCE", { ...MOST, partner: COMBAT_CLUB }))).toBe("ALREADY_USED");
});

it.each([
  [["MAJORATION_C"], ["MAJORATION_A"]],
  [["MAJORATION_A"], ["MAJORATION_C"]],
  [["MAJORATION_C"], ["MAJORATION_A", "MAJORATION_C"]],
])("T-23: %j and then %j come to 60 €, not to 90 € or 120 €", (before, after) => {
  const register = validated(CATALOGUE, { flags: before });
  register.send(validation({ flags: after }));
  const sale = register.decideSale("LICENCE", { ...MOST, partner: COMBAT_CLUB });
  expect(sale.figures.amountCents).toBe(6000);
});

it("T-25: a licence under 30 € closes the pot; its full reversal opens it again", () => {
  const register = validated(CATALOGUE);
  const cheap = register.sell("LICENCE", { purchaseCents: 2500 });
  expect(cheap.figures).toMatchObject({ amountCents: 2500, remaining: { value: 0 } });
  expect(verdict(register.decideSale("LICENCE"))).toBe("ALREADY_USED");
  const { avantages } = register.inquire({ avantage: "LICENCE" });
  expect(avantages).toMatchObject([{ state: "exhausted", remaining: { value: 0 } }]);
  register.giveBack(cheap);
  expect(register.decideSale("LICENCE", MOST).figures.amountCents).toBe(3000);
});

it("T-26: what was not spent lapses, and the next campaign's amount is not added to it", () => {
  const { register } = secondYear({ level: "PREMIERE" });
  const mine = register.file().grants.filter(({ avantage }) => avantage === "SPECTACLE");
  expect(mine.map(({ campaign, spent }) => [campaign, spent])).toEqual([
    [LAST_YEAR, 0],
    [THIS_YEAR, 0],
  ]);
  const september = { ...MOST, ...at("2022-09-10T10:00:00Z") };
  expect(register.decideSale("SPECTACLE", september).figures.amountCents).toBe(3000);
});

it("T-27: two versements come in two campaigns and are never spendable together", () => {
  const { register } = secondYear({ level: "PREMIERE" });
  const mine = register.file().grants.filter(({ avantage }) => avantage === "EQUIPEMENT");
  expect(mine.map(({ amount, campaign }) => [amount, campaign])).toEqual([
    [25_000, LAST_YEAR],
    [25_000, THIS_YEAR],
  ]);
  const last = register.decideSale("EQUIPEMENT", { ...MOST, ...at("2022-05-31T21:59:59Z") });
  expect(last.figures.amountCents).toBe(25_000);
  const next = register.decideSale("EQUIPEMENT", { ...MOST, ...JUNE_2022 });
  expect(next.figures.amountCents).toBe(25_000);
});

it("T-28: who repeats the year has no second first versement, and the sender is told", () => {
  const { register, notes } = secondYear({ level: "SECONDE" });
  expect(verdict(register.decideSale("EQUIPEMENT", JUNE_2022))).toBe("WINDOW_CLOSED");
  expect(notes.join()).toMatch(/once for life/);
});

it("T-28: another formation is granted, and noted for a review", () => {
  const { register, notes } = secondYear({ level: "SECONDE", formation: "BACPRO_ELECTRICITE" });
  const sale = register.decideSale("EQUIPEMENT", { ...MOST, ...JUNE_2022 });
  expect(sale.figures.amountCents).toBe(20_000);
  expect(notes.join()).toMatch(/reviewed/);
});

it("T-28: a versement given in the wrong campaign is revoked and given in the right one", () => {
  const pupil = { track: "PROFESSIONNELLE", formation: "BACPRO_CUISINE" };
  const june = at("2022-06-15T10:00:00Z");
  const may = at("2022-05-15T10:00:00Z");
  for (const [wrong, campaigns] of [
    [may, [LAST_YEAR, THIS_YEAR]],
    [june, [THIS_YEAR]],
  ] as const) {
    const register = openRegister(CATALOGUE);
    register.send(order({ campaign: LAST_YEAR }), wrong);
    register.send(validation(pupil, LAST_YEAR), wrong);
    register.send(revocation("ALL", LAST_YEAR), june);
    register.send(validation(pupil), june);
    const mine = register.file().grants.filter(({ avantage }) => avantage === "EQUIPEMENT");
    expect(mine.map(({ campaign }) => campaign)).toEqual(campaigns);
    const sale = register.decideSale("EQUIPEMENT", { ...MOST, ...june });
    expect(sale.figures.amountCents).toBe(25_000);
  }
});

it("T-29: seats are counted in seats, and the young person pays one euro for each", () => {
  const register = validated(CATALOGUE);
  const sale = register.sell("CINEMA", { quantity: 2, purchaseCents: 1800 });
  expect(sale.figures).toEqual({
    quantity: 2,
    collectCents: 200,
    remaining: { unit: "SEAT", value: 3 },
  });
  expect(register.grant("CINEMA")?.spent).toBe(2);
  const cheap = register.decideSale("CINEMA", { quantity: 2, purchaseCents: 200 });
  expect(verdict(cheap)).toBe("AMOUNT_INVALID");
});

it("T-30: as many seats as are left in one sale, or as the programme says", () => {
  const most = validated(CATALOGUE).decideSale("CINEMA", { quantity: 5 });
  expect(verdict(most)).toBe("approved");
  const limit = { id: "CINEMA/seats-a-sale", kind: "unitsPerSaleMax", units: 2, reading: "T-30" };
  const data = catalogueData();
  const avantages = data.avantages.map((avantage) =>
    avantage.code === "CINEMA" ? { ...avantage, rules: [...avantage.rules, limit] } : avantage,
  );
  const register = validated(loadProgramme({ ...data, avantages }));
  const sale = (quantity: number) => verdict(register.decideSale("CINEMA", { quantity }));
  expect([sale(2), sale(3)]).toEqual(["approved", "QUANTITY_INVALID"]);
});

it("T-31: who comes to Terminale is topped up to 35 €, and what was spent stays spent", () => {
  const register = validated(CATALOGUE, { level: "PREMIERE" });
  register.sell("LIVRES_LOISIR", { purchaseCents: 1000 });
  register.send(validation({ level: "TERMINALE" }));
  expect(register.decideSale("LIVRES_LOISIR", MOST).figures.amountCents).toBe(2500);
});

it("T-32: a museum is visited without a counter, and each visit is on record", () => {
  const register = validated(CATALOGUE);
  const first = register.sell("MUSEE");
  expect(first.figures).toEqual({});
  const kinds = first.effects.map(({ type }) => type);
  expect(kinds).toContain("recordVisit");
  expect(kinds).not.toContain("post");
  expect(register.sell("MUSEE").effects.map(({ type }) => type)).not.toContain("recordVisit");
});

it("T-33: a CFA's record debits nothing, and an apprenti without a birth day is not granted it", () => {
  const register = validated(CATALOGUE, anApprenti());
  const sale = register.sell("APPRENTI_EQUIPEMENT", { purchaseCents: 12_300 });
  expect(sale.effects.map(({ type }) => type)).not.toContain("post");
  expect(register.giveBack(sale).figures).toEqual({});
  const unknown = validated(CATALOGUE, anApprenti({ birthDay: null }));
  expect(unknown.grant("APPRENTI_EQUIPEMENT")).toBeUndefined();
});

it("T-34: a PSC1 is for one trainee: a number above one is a group", () => {
  const register = validated(CATALOGUE);
  const sale = (quantity: number) => verdict(register.decideSale("PSC1", { quantity }));
  expect([sale(1), sale(2)]).toEqual(["approved", "COLLECTIVE_USE_FORBIDDEN"]);
});

it("T-35: PSC1 follows the santé window, not the school one", () => {
  const register = validated(CATALOGUE);
  const sale = (utc: string) => verdict(register.decideSale("PSC1", at(utc)));
  expect(sale("2022-08-31T21:59:59Z")).toBe("WINDOW_NOT_OPEN");
  expect(sale("2023-06-15T10:00:00Z")).toBe("approved");
});

it("T-38: a higher commitment tops the aid up, keeps what was spent and gives 24 new months", () => {
  const register = openRegister(CATALOGUE);
  register.send(order());
  register.send(commitment("JSP", ["BREVET_JSP"]), at("2022-10-15T09:00:00Z"));
  register.sell("PERMIS_B", { purchaseCents: 40_000, ...at("2022-11-15T09:00:00Z") });
  const spv = commitment("SPV", ["BREVET_JSP", "ENGAGEMENT_SPV"]);
  register.send(spv, at("2023-02-10T09:00:00Z"));
  const sale = register.decideSale("PERMIS_B", { ...MOST, ...at("2025-02-10T10:00:00Z") });
  expect(sale.figures.amountCents).toBe(60_000);
  expect(register.file().grants).toHaveLength(1);
});

it("T-38: a second commitment that is worth no more is not added", () => {
  const register = openRegister(CATALOGUE);
  register.send(order());
  register.send(commitment("MISSION_80H", ["CERTIFICAT_MISSION"]));
  const again = register.send(commitment("MISSION_35H", ["CERTIFICAT_MISSION"]));
  expect(again.outcome).toBe("unchanged");
  expect(register.decideSale("PERMIS_B", MOST).figures.amountCents).toBe(50_000);
});

it("T-38: what was rewarded once is not rewarded again, 25 months later or after a revocation", () => {
  const register = openRegister(CATALOGUE);
  register.send(order());
  const mission = commitment("MISSION_35H", ["CERTIFICAT_MISSION"]);
  register.send(mission, at("2022-10-15T09:00:00Z"));
  const later = at("2024-11-15T10:00:00Z");
  expect(register.send(mission, later).outcome).toBe("unchanged");
  expect(verdict(register.decideSale("PERMIS_B", later))).toBe("GRANT_EXPIRED");
  register.send(commitment("SPV", ["BREVET_JSP", "ENGAGEMENT_SPV"]), later);
  register.sell("PERMIS_B", { purchaseCents: 80_000, ...later });
  register.send(revocation("ALL", null), later);
  register.send(commitment("SPV", ["BREVET_JSP", "ENGAGEMENT_SPV"]), later);
  const sale = register.decideSale("PERMIS_B", { ...MOST, ...later });
  expect(sale.figures.amountCents).toBe(20_000);
});

it("T-39: neither a JSP without the brevet nor a brevet without SPV status is more than it is", () => {
  const register = openRegister(CATALOGUE);
  register.send(order());
  expect(register.send(commitment("JSP", [])).outcome).toBe("refused");
  expect(register.send(commitment("SPV", ["BREVET_JSP"])).outcome).toBe("refused");
  register.send(commitment("JSP", ["BREVET_JSP"]));
  expect(register.grant("PERMIS_B")?.amount).toBe(50_000);
});
