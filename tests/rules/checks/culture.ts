// Cinema, shows, books and museums.

import { expect } from "vitest";
import { NOW_MS } from "../../support/builders.js";
import { validated } from "../support/register.js";
import { expectReimbursed } from "../support/reimbursement.js";
import { check, expectOpen, expectTakenAt, type RuleCheck } from "../support/rule-check.js";

const CULTURE = { from: "2022-08-31T22:00:00Z", until: "2023-06-30T22:00:00Z" };

const inCultureWindow = (code: string) =>
  check(`${code}/window`, "used in the culture family's window", (programme) =>
    expectOpen(validated(programme), code, CULTURE),
  );
const takenBy = (code: string, type: string) =>
  check(`${code}/at-${type.toLowerCase()}`, `taken by a partner of type ${type}`, (programme) =>
    expectTakenAt(validated(programme), code, { type }),
  );

const CINEMA: readonly RuleCheck[] = [
  inCultureWindow("CINEMA"),
  check("CINEMA/seats", "five seats, and no sixth", (programme) => {
    const register = validated(programme);
    expect(register.decideSale("CINEMA", { quantity: 6 }).code).toBe("SEATS_EXHAUSTED");
    const sale = register.sell("CINEMA", { quantity: 5 });
    expect(sale).toMatchObject({ code: "APPROVED_SEATS", figures: { quantity: 5 } });
    expect(register.sell("CINEMA", { quantity: 1 }).code).toBe("SEATS_EXHAUSTED");
  }),
  check("CINEMA/copay", "one euro a seat is collected: 300 cents for three", (programme) => {
    const { figures } = validated(programme).decideSale("CINEMA", { quantity: 3 });
    expect(figures.collectCents).toBe(300);
  }),
  check("CINEMA/copay", "a seat at a public price of 1 € leaves nothing to fund", (programme) => {
    const at = (purchaseCents: number) =>
      validated(programme).decideSale("CINEMA", { quantity: 1, purchaseCents }).code;
    expect([at(100), at(101)]).toEqual(["AMOUNT_INVALID", "APPROVED_SEATS"]);
  }),
  takenBy("CINEMA", "CINEMA"),
  check("CINEMA/reimbursed", "the convention's tariff a seat is paid back", (programme) =>
    expectReimbursed(programme, "CINEMA", "tariff", 520),
  ),
];

const SPECTACLE: readonly RuleCheck[] = [
  inCultureWindow("SPECTACLE"),
  check("SPECTACLE/base", "30 €, whole or in parts, for one ticket or several", (programme) => {
    const register = validated(programme);
    const whole = register.decideSale("SPECTACLE", { purchaseCents: 3000 });
    expect(whole.figures).toMatchObject({ amountCents: 3000, collectCents: 0 });
    const parts = [1200, 1200, 1200].map(
      (purchaseCents) => register.sell("SPECTACLE", { purchaseCents }).figures,
    );
    expect(parts.map((figures) => figures.amountCents)).toEqual([1200, 1200, 600]);
    expect(parts.map((figures) => figures.collectCents)).toEqual([0, 0, 600]);
    expect(register.sell("SPECTACLE").code).toBe("BALANCE_EXHAUSTED");
  }),
  takenBy("SPECTACLE", "SPECTACLE"),
  check("SPECTACLE/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "SPECTACLE", "debit"),
  ),
];

const amountFor = (programme: Parameters<RuleCheck["check"]>[0], attributes: object) =>
  validated(programme, attributes).decideSale("LIVRES_LOISIR", { purchaseCents: 9999 }).figures
    .amountCents;

const LIVRES: readonly RuleCheck[] = [
  inCultureWindow("LIVRES_LOISIR"),
  check("LIVRES_LOISIR/base", "15 €, for every young person", (programme) => {
    expect(amountFor(programme, {})).toBe(1500);
    expect(amountFor(programme, { status: "AUTRE", level: "AUTRE", track: "AUTRE" })).toBe(1500);
  }),
  check("LIVRES_LOISIR/terminale", "35 € instead, in Terminale of the three bacs", (programme) => {
    for (const track of ["GENERALE", "TECHNOLOGIQUE", "PROFESSIONNELLE"]) {
      expect(amountFor(programme, { level: "TERMINALE", track }), track).toBe(3500);
    }
  }),
  check("LIVRES_LOISIR/terminale", "not before Terminale, nor outside a bac", (programme) => {
    expect(amountFor(programme, { level: "PREMIERE", track: "GENERALE" })).toBe(1500);
    expect(amountFor(programme, { level: "TERMINALE", track: "AUTRE_PRO" })).toBe(1500);
    expect(amountFor(programme, { level: "CAP_2", track: "CAP" })).toBe(1500);
  }),
  takenBy("LIVRES_LOISIR", "LIBRAIRIE"),
  check("LIVRES_LOISIR/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "LIVRES_LOISIR", "debit"),
  ),
];

const MUSEE: readonly RuleCheck[] = [
  inCultureWindow("MUSEE"),
  check("MUSEE/entry", "free and unlimited, each visit on record", (programme) => {
    const register = validated(programme);
    for (const hours of [0, 1, 2, 3, 4, 5, 6]) {
      const visit = register.sell("MUSEE", { nowMs: NOW_MS + hours * 3_600_000 });
      expect(visit).toMatchObject({ code: "APPROVED_RECORD", figures: {} });
    }
  }),
  check("MUSEE/same-visit", "within 60 s at the same door it is the same visit", (programme) => {
    const register = validated(programme);
    register.sell("MUSEE");
    const after = (ms: number) => register.decideSale("MUSEE", { nowMs: NOW_MS + ms }).code;
    expect([after(59_999), after(60_000)]).toEqual(["APPROVED_SAME_VISIT", "APPROVED_RECORD"]);
  }),
  takenBy("MUSEE", "MUSEE"),
  check("MUSEE/reimbursed", "by the museum's convention", (programme) =>
    expectReimbursed(programme, "MUSEE", "convention"),
  ),
];

const KIOSQUE: readonly RuleCheck[] = [
  check(
    "KIOSQUE/without-grant",
    "a platform and no till: nothing is granted or taken",
    (programme) => {
      const register = validated(programme);
      expect(register.decideSale("KIOSQUE").code).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
      expect(register.grant("KIOSQUE")).toBeUndefined();
    },
  ),
  check("KIOSQUE/reimbursed", "nothing is paid back", (programme) =>
    expectReimbursed(programme, "KIOSQUE", "nothing"),
  ),
];

export const CULTURE_CHECKS: readonly RuleCheck[] = [
  ...CINEMA,
  ...SPECTACLE,
  ...LIVRES,
  ...MUSEE,
  ...KIOSQUE,
];
