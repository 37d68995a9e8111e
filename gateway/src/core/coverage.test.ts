// How much of a purchase is taken: a part in euros, whole seats, one use of a single-use aid.

import { describe, expect, it } from "vitest";
import { type CaseOptions, grantOf, saleCase } from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";

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
    const { answer } = sell({ purchaseCents: 1, ...left(0) });
    expect(answer).toMatchObject({ code: "BALANCE_EXHAUSTED", retry: "NO" });
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
    const { answer } = sell({ avantage: "CINEMA", grants: [grantOf("CINEMA", { spent: 5 })] });
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
  it.each(["MUSEE", "MANUELS_GRATUITS"])(
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
});
