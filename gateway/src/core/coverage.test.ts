// How much of a purchase is taken: a part in euros, whole seats or coupons, one use of a single-use aid.

import { describe, expect, it } from "vitest";
import {
  aPartner,
  type CaseOptions,
  grantOf,
  ruleOf,
  saleCase,
} from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";
import { cover, remainingOf } from "./coverage.js";

function sell(options: CaseOptions) {
  const input = saleCase(options);
  const decided = authorize(input);
  const posted = decided.effects.flatMap((effect) =>
    effect.type === "post" ? [effect.units] : [],
  );
  return { ...decided, posted, answer: authorizationAnswer(input.request, decided, input) };
}

describe("in euros", () => {
  const left = (cents: number) => ({ grants: [grantOf("SPECTACLE", { spent: 3000 - cents })] });

  it("the whole purchase is taken where the grant covers it", () => {
    const sale = sell({ purchaseCents: 1500, ...left(1500) });
    expect(sale.posted).toEqual([1500]);
    expect(sale.answer).toMatchObject({
      code: "APPROVED",
      iso39: "00",
      amountCents: 1500,
      collectCents: 0,
      remaining: { unit: "EUR_CENT", value: 0 },
    });
  });

  it("what is left is taken, and the rest is to be collected", () => {
    const sale = sell({ purchaseCents: 2000, ...left(1500) });
    expect(sale.posted).toEqual([1500]);
    expect(sale.answer).toMatchObject({
      code: "APPROVED_PARTIAL",
      iso39: "10",
      display: ["ACCEPTE PARTIEL 15,00 EUR", "RESTE A PAYER 5,00 EUR"],
      amountCents: 1500,
      collectCents: 500,
    });
  });

  it("a till that cannot show a rest is told what it could ask for, and need not ask for the card again", () => {
    const sale = sell({ purchaseCents: 1501, exact: true, ...left(1500) });
    expect(sale.posted).toEqual([]);
    expect(sale.answer).toMatchObject({
      code: "INSUFFICIENT_BALANCE",
      available: { unit: "EUR_CENT", value: 1500 },
      retry: "AMEND",
    });
    expect(sale.answer.proofRef).toBeDefined();
  });

  it("an exact purchase that is covered is approved", () => {
    expect(sell({ purchaseCents: 1500, exact: true, ...left(1500) }).code).toBe("APPROVED");
  });

  it("nothing left is exhausted, and not worth another try", () => {
    const partner = { agrements: ["SPECTACLE"] };
    const { answer } = sell({ purchaseCents: 1, partner, ...left(0) });
    expect(answer).toMatchObject({
      code: "BALANCE_EXHAUSTED",
      available: { unit: "EUR_CENT", value: 0 },
      retry: "NO",
    });
    expect(answer).not.toHaveProperty("proofRef");
  });
});

describe("a single use", () => {
  it("takes the price where it is below the grant, and the rest lapses", () => {
    const sale = sell({ avantage: "LICENCE", purchaseCents: 2000 });
    expect(sale.posted).toEqual([2000]);
    expect(sale.answer.remaining).toEqual({ unit: "EUR_CENT", value: 0 });
  });

  it("is not made twice, though something would be left", () => {
    const grants = [grantOf("LICENCE", { spent: 2000 })];
    const sale = sell({ avantage: "LICENCE", purchaseCents: 500, grants });
    expect([sale.code, sale.posted]).toEqual(["ALREADY_USED", []]);
  });

  it("takes the supplement in the same debit where the partner's flag gives it (T-23)", () => {
    const supplement = { amount: 3_000, partnerFlag: "combatSport" };
    const grants = [grantOf("LICENCE", { supplement })];
    const at = (flags: readonly string[]) =>
      sell({ avantage: "LICENCE", purchaseCents: 15_000, grants, partner: { flags } });
    expect(at(["combatSport"])).toMatchObject({ posted: [6_000], code: "APPROVED_PARTIAL" });
    expect(at([])).toMatchObject({ posted: [3_000], code: "APPROVED_PARTIAL" });
  });
});

describe("in coupons", () => {
  const left = (count: number) => ({ grants: [grantOf("SANTE_COUPON", { spent: 3 - count })] });

  it("whole coupons are taken and nothing is to be collected", () => {
    const sale = sell({ avantage: "SANTE_COUPON", quantity: 2, ...left(3) });
    expect(sale.posted).toEqual([2]);
    expect(sale.answer).toMatchObject({
      code: "APPROVED_COUPONS",
      display: ["ACCEPTE 2 COUPONS", "RIEN A ENCAISSER"],
      quantity: 2,
      collectCents: 0,
      remaining: { unit: "COUPON", value: 1 },
    });
  });

  it("the last one can be taken, and one more cannot", () => {
    expect(sell({ avantage: "SANTE_COUPON", quantity: 1, ...left(1) }).posted).toEqual([1]);
    const sale = sell({ avantage: "SANTE_COUPON", quantity: 2, ...left(1) });
    expect(sale.posted).toEqual([]);
    expect(sale.answer).toMatchObject({
      code: "COUPONS_EXHAUSTED",
      display: ["PAS ASSEZ DE COUPONS", "RESTE 1 COUPON"],
      available: { unit: "COUPON", value: 1 },
      retry: "AMEND",
    });
  });

  it("none at all was loaded where the validation gave none (T-45)", () => {
    const grants = [grantOf("SANTE_COUPON", { amount: 0 })];
    expect(sell({ avantage: "SANTE_COUPON", quantity: 1, grants }).code).toBe("COUPONS_EXHAUSTED");
  });
});

describe("in seats", () => {
  it("whole seats are taken and one euro for each is to be collected", () => {
    const sale = sell({ avantage: "CINEMA", quantity: 3 });
    expect(sale.posted).toEqual([3]);
    expect(sale.answer).toMatchObject({
      code: "APPROVED_SEATS",
      display: ["ACCEPTE 3 PLACES", "ENCAISSER 3,00 EUR"],
      quantity: 3,
      collectCents: 300,
      remaining: { unit: "SEAT", value: 2 },
    });
    expect(sale.answer).not.toHaveProperty("amountCents");
  });

  it("never a part of the number asked", () => {
    const sale = sell({ avantage: "CINEMA", quantity: 6 });
    expect(sale.posted).toEqual([]);
    expect(sale.answer).toMatchObject({
      code: "SEATS_EXHAUSTED",
      display: ["SOLDE DE PLACES INSUFFISANT", "RESTE 5 PLACES"],
      available: { unit: "SEAT", value: 5 },
      retry: "AMEND",
    });
  });

  it("with none left there is no smaller number to ask for", () => {
    const grants = [grantOf("CINEMA", { spent: 5 })];
    const { answer } = sell({ avantage: "CINEMA", partner: { agrements: ["CINEMA"] }, grants });
    expect(answer).toMatchObject({ code: "SEATS_EXHAUSTED", retry: "NO" });
    expect(answer).not.toHaveProperty("proofRef");
  });

  it.each([
    [1, 100, "AMOUNT_INVALID"],
    [1, 101, "APPROVED_SEATS"],
    [3, 300, "AMOUNT_INVALID"],
    [3, 301, "APPROVED_SEATS"],
  ])(
    "%i at a public price of %i cents is %s: something must be left to fund",
    (quantity, purchaseCents, code) => {
      expect(sell({ avantage: "CINEMA", quantity, purchaseCents }).code).toBe(code);
    },
  );
});

describe("a record", () => {
  it.each(["MUSEE", "MANUELS_GRATUITS", "BON_PLAN"])(
    "of %s moves nothing, as often as it is made",
    (avantage) => {
      const sale = sell({ avantage });
      expect(sale.posted).toEqual([]);
      expect(sale.answer).toMatchObject({
        code: "APPROVED_RECORD",
        display: ["ENREGISTRE", "SANS DEBIT"],
      });
      expect(sale.answer).not.toHaveProperty("remaining");
    },
  );

  it("says the value that was declared, and takes nothing (T-33)", () => {
    const sale = sell({ avantage: "APPRENTI_EQUIPEMENT", purchaseCents: 18_000 });
    expect(sale.posted).toEqual([]);
    expect(sale.answer).toMatchObject({ code: "APPROVED_RECORD", declaredCents: 18_000 });
    expect(sale.answer).not.toHaveProperty("amountCents");
    expect(sale.answer).not.toHaveProperty("collectCents");
  });

  it("without a declared value says none", () => {
    expect(sell({ avantage: "APPRENTI_EQUIPEMENT" }).answer).not.toHaveProperty("declaredCents");
  });
});

describe("what is covered", () => {
  const { rule, grant, partner } = {
    rule: ruleOf("SPECTACLE"),
    grant: grantOf("SPECTACLE"),
    partner: aPartner(),
  };
  const asked = { held: 0, purchaseCents: null, quantity: null, exact: false };

  it("of an amount or a number that was never checked is a bug, not a debit", () => {
    expect(() => cover({ rule, grant, partner, ...asked })).toThrow(
      "an amount in euros was checked before",
    );
    const seats = { rule: ruleOf("CINEMA"), grant: grantOf("CINEMA"), partner };
    expect(() => cover({ ...seats, ...asked })).toThrow("a quantity was checked before");
  });

  it.each([
    ["SPECTACLE", { unit: "EUR_CENT", value: 7 }],
    ["CINEMA", { unit: "SEAT", value: 7 }],
    ["SANTE_COUPON", { unit: "COUPON", value: 7 }],
    ["MUSEE", null],
    ["BON_PLAN", null],
  ])("is counted in %s's own unit", (code, amount) => {
    expect(remainingOf(ruleOf(code), 7)).toEqual(amount);
  });
});
