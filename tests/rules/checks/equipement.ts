// First equipment: by formation for lycéens, handed out by the CFA to apprentis.

import { expect } from "vitest";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import type { ProgrammeData } from "../../../gateway/src/catalogue/schema.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { NOW_MS, nfcFacts, qrFacts } from "../../support/builders.js";
import { anApprenti } from "../support/events.js";
import { validated } from "../support/register.js";
import { declared, expectReimbursed, paper, paperShop } from "../support/reimbursement.js";
import {
  avantage,
  check,
  expectOpen,
  expectStated,
  expectTakenAt,
  type RuleCheck,
  verdict,
} from "../support/rule-check.js";

const SCHOOL_YEAR = { from: "2022-06-06T22:00:00Z", until: "2023-05-31T22:00:00Z" };
const COIFFURE = { track: "CAP", level: "CAP_1", formation: "CAP_COIFFURE" };
const apprenti = (programme: Programme) => validated(programme, anApprenti());

const APPRENTIS: readonly RuleCheck[] = [
  check("APPRENTI_EQUIPEMENT/window", "handed out in the school family's window", (programme) =>
    expectOpen(apprenti(programme), "APPRENTI_EQUIPEMENT", SCHOOL_YEAR),
  ),
  check(
    "APPRENTI_EQUIPEMENT/apprentis",
    "a record for apprentis that debits nothing",
    (programme) => {
      const register = apprenti(programme);
      const sale = register.decideSale("APPRENTI_EQUIPEMENT");
      expect(sale.code).toBe("APPROVED_RECORD");
      expect(sale.effects.some(({ type }) => type === "post")).toBe(false);
    },
  ),
  check("APPRENTI_EQUIPEMENT/apprentis", "not for lycéens", (programme) => {
    const { grant } = validated(programme, { birthDay: "2004-05-02" });
    expect(grant("APPRENTI_EQUIPEMENT")).toBeUndefined();
  }),
  check(
    "APPRENTI_EQUIPEMENT/age",
    "from the 14th birthday to the day before the 26th, on the day of the use",
    (programme) => {
      const bornOn = (birthDay: string, at: string) =>
        verdict(
          validated(programme, anApprenti({ birthDay })).decideSale("APPRENTI_EQUIPEMENT", {
            nowMs: Date.parse(at),
          }),
        );
      expect(bornOn("2009-03-16", "2023-03-15T22:59:59.999Z")).toBe("AGE_NOT_ELIGIBLE");
      expect(bornOn("2009-03-16", "2023-03-15T23:00:00Z")).toBe("approved");
      expect(bornOn("1997-03-16", "2023-03-15T22:59:59.999Z")).toBe("approved");
      expect(bornOn("1997-03-16", "2023-03-15T23:00:00Z")).toBe("AGE_NOT_ELIGIBLE");
    },
  ),
  check("APPRENTI_EQUIPEMENT/at-cfa", "only at a CFA of the 2022 call", (programme) =>
    expectTakenAt(apprenti(programme), "APPRENTI_EQUIPEMENT", {
      type: "CFA",
      flag: "appelAProjet2022",
    }),
  ),
  check("APPRENTI_EQUIPEMENT/declared-value", "the CFA may declare a value", (programme) => {
    const sale = apprenti(programme).decideSale("APPRENTI_EQUIPEMENT", { purchaseCents: 12_300 });
    expect(sale).toMatchObject({ code: "APPROVED_RECORD", figures: { declaredCents: 12_300 } });
  }),
  check(
    "APPRENTI_EQUIPEMENT/channels",
    "the Espace partenaire, and terminals because the data says so",
    (programme) => {
      const register = apprenti(programme);
      const presented = (facts: object) =>
        verdict(register.decideSale("APPRENTI_EQUIPEMENT", facts));
      expect(presented({})).toBe("approved");
      expect(presented({ facts: qrFacts() })).toBe("approved");
      const tap = { facts: nfcFacts(), card: { generation: "SDM-1" } };
      expect(presented(tap)).toBe("approved");
      expect(avantage(programme, "APPRENTI_EQUIPEMENT").channels).toContain("WEB");
      expectStated(programme, "APPRENTI_EQUIPEMENT/channels");
    },
  ),
  check("APPRENTI_EQUIPEMENT/reimbursed", "nothing: the CFA has the money", (programme) =>
    expectReimbursed(programme, "APPRENTI_EQUIPEMENT", "nothing"),
  ),
];

const LYCEENS: readonly RuleCheck[] = [
  check("EQUIPEMENT/window", "spent in the school family's window", (programme) =>
    expectOpen(validated(programme, COIFFURE), "EQUIPEMENT", SCHOOL_YEAR),
  ),
  check("EQUIPEMENT/formation", "what the formation gives, in parts", (programme) => {
    const register = validated(programme, COIFFURE);
    const first = register.sell("EQUIPEMENT", { purchaseCents: 20_000 });
    expect(first.figures).toMatchObject({ amountCents: 20_000, collectCents: 0 });
    const second = register.sell("EQUIPEMENT", { purchaseCents: 20_000 });
    expect(second.figures).toMatchObject({ amountCents: 10_000, collectCents: 10_000 });
  }),
  check("EQUIPEMENT/formation", "none without a formation, none for apprentis", (programme) => {
    for (const other of [{ ...COIFFURE, formation: null }, anApprenti(COIFFURE)]) {
      const { grant } = validated(programme, other);
      expect(grant("LICENCE"), "somebody who was validated").toBeDefined();
      expect(grant("EQUIPEMENT")).toBeUndefined();
    }
  }),
  check(
    "EQUIPEMENT/formation",
    "50 € to 500 € over all versements, or no programme",
    (programme) => {
      const withTotal = (amountCents: number) => {
        const data: ProgrammeData = JSON.parse(programme.json);
        const versements = [{ no: 1, level: "SECONDE", amountCents }];
        const formations = [{ code: "ESSAI", label: "Essai", versements, invented: "For tests." }];
        return () => loadProgramme({ ...data, formations });
      };
      for (const cents of [5000, 50_000]) expect(withTotal(cents)).not.toThrow();
      for (const cents of [4999, 50_001]) expect(withTotal(cents)).toThrow(/EQUIPEMENT\/formation/);
    },
  ),
  check("EQUIPEMENT/at-equipement", "spent in a shop for equipment", (programme) =>
    expectTakenAt(validated(programme, COIFFURE), "EQUIPEMENT", { type: "EQUIPEMENT" }),
  ),
  check("EQUIPEMENT/at-etablissement", "spent at a lycée that buys for groups", (programme) =>
    expectTakenAt(validated(programme, COIFFURE), "EQUIPEMENT", {
      type: "ETABLISSEMENT",
      flag: "achatGroupe",
    }),
  ),
  check("EQUIPEMENT/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "EQUIPEMENT", "debit"),
  ),
  check("EQUIPEMENT/papers", "paid back once the shop's justificatifs are in", (programme) => {
    const shop = paperShop(programme);
    expect(shop.holds("EQUIPEMENT")).toEqual(["DECLARATION_MISSING"]);
    shop.send(declared(["OUTILLAGE"]));
    expect(shop.holds("EQUIPEMENT")).toEqual(["JUSTIFICATIF_MISSING"]);
    shop.send(paper("PHOTO_STICKER"));
    expect(shop.holds("EQUIPEMENT")).toEqual([]);
  }),
];

interface Given {
  readonly code: string;
  readonly track?: string;
  /** By level, in cents: each is a versement of its own. */
  readonly atLevel: Readonly<Record<string, number>>;
}

const FORMATIONS: readonly Given[] = [
  { code: "BACPRO_METIERS_DU_BOIS", atLevel: { SECONDE: 15_000, PREMIERE: 15_000 } },
  { code: "BACPRO_CUISINE", atLevel: { SECONDE: 25_000, PREMIERE: 25_000 } },
  { code: "BACPRO_ELECTRICITE", atLevel: { SECONDE: 20_000 } },
  { code: "BACPRO_MAINTENANCE_AUTO", atLevel: { SECONDE: 50_000 } },
  { code: "CAP_COIFFURE", track: "CAP", atLevel: { CAP_1: 30_000 } },
  { code: "CAP_FLEURISTE", track: "CAP", atLevel: { CAP_1: 5000 } },
];

const LEVELS = ["SECONDE", "PREMIERE", "TERMINALE", "CAP_1", "CAP_2"];

function formationCheck({ code, track = "PROFESSIONNELLE", atLevel }: Given): RuleCheck {
  const words = Object.entries(atLevel).map(([level, cents]) => `${cents} cents in ${level}`);
  return check(`formations/${code}`, `${words.join(", ")}, and nothing else`, (programme) => {
    for (const level of LEVELS) {
      const register = validated(programme, { level, track, formation: code });
      const most = { purchaseCents: 99_999, nowMs: NOW_MS };
      const given = register.decideSale("EQUIPEMENT", most).figures.amountCents;
      expect(given, level).toBe(atLevel[level]);
      expect(register.grant("LICENCE"), "somebody who was validated").toBeDefined();
    }
  });
}

export const EQUIPEMENT_CHECKS: readonly RuleCheck[] = [
  ...APPRENTIS,
  ...LYCEENS,
  ...FORMATIONS.map(formationCheck),
];
