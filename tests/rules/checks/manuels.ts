// Schoolbooks: free for lycéens, and a credit for the pupils of professional tracks.

import { expect } from "vitest";
import { anApprenti, suspension } from "../support/events.js";
import { validated } from "../support/register.js";
import { expectReimbursed } from "../support/reimbursement.js";
import {
  check,
  expectOpen,
  expectTakenAt,
  type RuleCheck,
  verdict,
} from "../support/rule-check.js";

const SCHOOL_YEAR = { from: "2022-06-06T22:00:00Z", until: "2023-05-31T22:00:00Z" };
const GENERAL = ["GENERALE", "TECHNOLOGIQUE"];
const PROFESSIONAL = ["PROFESSIONNELLE", "CAP", "PREPA_METIERS", "AUTRE_PRO"];

const GRATUITS: readonly RuleCheck[] = [
  check("MANUELS_GRATUITS/window", "handed out in the school family's window", (programme) =>
    expectOpen(validated(programme), "MANUELS_GRATUITS", SCHOOL_YEAR),
  ),
  check(
    "MANUELS_GRATUITS/lyceens",
    "free for the lycéens of every track, again and again",
    (programme) => {
      for (const track of [...GENERAL, ...PROFESSIONAL]) {
        const register = validated(programme, { track });
        for (const _ of [1, 2]) {
          expect(register.sell("MANUELS_GRATUITS").code, track).toBe("APPROVED_RECORD");
        }
      }
    },
  ),
  check("MANUELS_GRATUITS/lyceens", "not for apprentis, nor outside these tracks", (programme) => {
    const others = [anApprenti({ track: "CAP" }), { track: "AUTRE" }];
    for (const attributes of others) {
      const { grant } = validated(programme, attributes);
      expect(grant("LICENCE"), "somebody who was validated").toBeDefined();
      expect(grant("MANUELS_GRATUITS")).toBeUndefined();
    }
  }),
  check("MANUELS_GRATUITS/at-etablissement", "handed out by the lycée", (programme) =>
    expectTakenAt(validated(programme), "MANUELS_GRATUITS", { type: "ETABLISSEMENT" }),
  ),
  check("MANUELS_GRATUITS/at-librairie", "handed out by a bookshop", (programme) =>
    expectTakenAt(validated(programme), "MANUELS_GRATUITS", { type: "LIBRAIRIE" }),
  ),
  check("MANUELS_GRATUITS/everyday", "left alone when everything is suspended", (programme) => {
    const register = validated(programme);
    register.send(suspension("ALL"));
    expect(verdict(register.decideSale("SPECTACLE"))).toBe("AVANTAGE_SUSPENDED");
    expect(verdict(register.decideSale("MANUELS_GRATUITS"))).toBe("approved");
  }),
  check("MANUELS_GRATUITS/reimbursed", "nothing is paid back", (programme) =>
    expectReimbursed(programme, "MANUELS_GRATUITS", "nothing"),
  ),
];

const CREDIT: readonly RuleCheck[] = [
  check("MANUELS_CREDIT/window", "spent in the school family's window", (programme) =>
    expectOpen(validated(programme, { track: "CAP" }), "MANUELS_CREDIT", SCHOOL_YEAR),
  ),
  check("MANUELS_CREDIT/base", "50 € for each professional track, in parts", (programme) => {
    for (const track of PROFESSIONAL) {
      const register = validated(programme, { track });
      const first = register.sell("MANUELS_CREDIT", { purchaseCents: 3500 });
      expect(first.figures, track).toMatchObject({ amountCents: 3500, collectCents: 0 });
      const second = register.sell("MANUELS_CREDIT", { purchaseCents: 3500 });
      expect(second.figures, track).toMatchObject({ amountCents: 1500, collectCents: 2000 });
    }
  }),
  check("MANUELS_CREDIT/base", "none for general lycéens nor for apprentis", (programme) => {
    const others = [...GENERAL.map((track) => ({ track })), anApprenti({ track: "CAP" })];
    for (const attributes of others) {
      const { grant } = validated(programme, attributes);
      expect(grant("LICENCE"), "somebody who was validated").toBeDefined();
      expect(grant("MANUELS_CREDIT")).toBeUndefined();
    }
  }),
  check("MANUELS_CREDIT/raised", "doubled to 100 € where the flag is attested", (programme) => {
    for (const track of PROFESSIONAL) {
      const register = validated(programme, { track, flags: ["MAJORATION_A"] });
      const sale = register.decideSale("MANUELS_CREDIT", { purchaseCents: 12_000 });
      expect(sale.figures, track).toMatchObject({ amountCents: 10_000, collectCents: 2000 });
    }
  }),
  check("MANUELS_CREDIT/raised", "for nobody else", (programme) => {
    const amount = (attributes: object) =>
      validated(programme, attributes).grant("MANUELS_CREDIT")?.amount;
    expect(amount({ track: "CAP" })).toBe(5000);
    expect(amount({ track: "CAP", flags: ["MAJORATION_B", "MAJORATION_C"] })).toBe(5000);
    expect(amount({ track: "GENERALE", flags: ["MAJORATION_A"] })).toBeUndefined();
    expect(amount(anApprenti({ track: "CAP", flags: ["MAJORATION_A"] }))).toBeUndefined();
  }),
  check("MANUELS_CREDIT/at-librairie", "spent in a bookshop", (programme) =>
    expectTakenAt(validated(programme, { track: "CAP" }), "MANUELS_CREDIT", { type: "LIBRAIRIE" }),
  ),
  check("MANUELS_CREDIT/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "MANUELS_CREDIT", "debit"),
  ),
];

export const MANUELS_CHECKS: readonly RuleCheck[] = [...GRATUITS, ...CREDIT];
