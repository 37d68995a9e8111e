// What a line that is not paid yet is told: what holds it now, what came back, and whether the next settlement pays it.

import { expect, it, test } from "vitest";
import { lineOf, PARTNER, paymentOf } from "../../../tests/settlement/support/payments.js";
import type { PartnerPapers, SettlementLine } from "../core/settlement/model.js";
import { createLineWords, type LineWordsInput } from "./line-words.js";

const YEAR = "2022/2023";
const SILENT: PartnerPapers = PARTNER;
const IN_ORDER: PartnerPapers = { ...PARTNER, declarations: [{ schoolYear: YEAR, types: [] }] };
const NEXT = "prochain remboursement";
const CARRIED = "Reporté : le solde n'est pas positif.";

const open = (change: Partial<SettlementLine>) =>
  lineOf({ payment: null, heldForPapers: true, schoolYear: YEAR, state: "ACCRUED", ...change });

function wordsOf(line: SettlementLine, change: Partial<LineWordsInput> = {}): string {
  const rules = { holdAll: false, owesPapers: () => true };
  const input = { papers: IN_ORDER, rules, payments: [], isCarried: false, ...change };
  return createLineWords(input)(line);
}

const HELD = open({ state: "HELD", holds: ["DECLARATION_MISSING"] });
const REJECTED = open({
  state: "REJECTED",
  returnedFrom: { settlement: "2023-03-19", partnerId: "P-1" },
});
const returned = (reason: string | null) => ({
  payments: [paymentOf({ state: "REJECTED", reason })],
});

it("a line in a payment has none", () => {
  expect(wordsOf(lineOf({ state: "BATCHED" }), { papers: SILENT })).toBe("");
});

test.each(["ACCRUED", "RELEASED", "REJECTED"] as const)(
  "a line that is %s is told what would hold it now",
  (state) => {
    expect(wordsOf(open({ state }), { papers: SILENT })).toMatch(/^Déclaration manquante/);
  },
);

it("a held line is told what holds it now, and not what held it at the last settlement", () => {
  const papers: PartnerPapers = {
    ...PARTNER,
    declarations: [{ schoolYear: YEAR, types: ["VETEMENTS"] }],
  };
  const words = wordsOf(HELD, { papers });
  expect(words).toMatch(/^Justificatif manquant/);
  expect(words).not.toMatch(/Déclaration|Reçu/);
});

it("a held line that nothing holds any more is told that it is looked at again", () => {
  expect(wordsOf(HELD)).toMatch(/^Reçu : .*prochaine clôture\.$/);
});

it("what was given back of a paid sale is told of no paper", () => {
  expect(wordsOf(open({ ofPaidSale: true }), { papers: SILENT })).toBe("");
});

it("a returned line is told which payment came back, why, and what to look at", () => {
  expect(wordsOf(REJECTED, returned("AC04"))).toBe(
    "Virement du remboursement au 19/03/2023 rejeté par la banque (AC04) : vérifiez votre RIB. Repris au prochain remboursement.",
  );
  expect(wordsOf(REJECTED, returned(null))).toContain("rejeté par la banque : vérifiez");
});

it("a returned line that is held by now is not promised to be paid next", () => {
  const words = wordsOf(REJECTED, { ...returned("AC04"), papers: SILENT });
  expect(words).toMatch(/\(AC04\).*Déclaration manquante/);
  expect(words).not.toContain(NEXT);
});

test.each([
  ["RELEASED", "Au prochain remboursement."],
  ["ACCRUED", ""],
] as const)("a line that is %s and that nothing holds: %j, or carried", (state, next) => {
  expect(wordsOf(open({ state }))).toBe(next);
  expect(wordsOf(open({ state }), { isCarried: true })).toBe(CARRIED);
});

it("a returned line is carried with the others", () => {
  const words = wordsOf(REJECTED, { ...returned("AC04"), isCarried: true });
  expect(words).toMatch(/AC04/);
  expect(words.endsWith(CARRIED)).toBe(true);
});
