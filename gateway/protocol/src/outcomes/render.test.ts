// Shows what the cashier and the young person read, value by value.
import { describe, expect, test } from "vitest";
import type { OutcomeParams } from "./params.js";
import { renderOutcome } from "./render.js";

const seats = (value: number) => ({ unit: "SEAT", value }) as const;
const coupons = (value: number) => ({ unit: "COUPON", value }) as const;
const euros = (value: number) => ({ unit: "EUR_CENT", value: value * 100 }) as const;

describe("a sale in euros", () => {
  test("says what was taken, from what, and what is left", () => {
    const params = { amountCents: 1200, avantageLabel: "Spectacle", remaining: euros(18) };
    expect(renderOutcome("APPROVED", params)).toEqual({
      display: ["ACCEPTE", "12,00 EUR"],
      display20: ["ACCEPTE", "12,00 EUR"],
      message: "C'est bon : ton avantage Spectacle a payé 12,00 €. Il te reste 18,00 €.",
    });
  });

  test("says what the cashier still has to collect", () => {
    const params = { amountCents: 100_000, collectCents: 5, avantageLabel: "Permis B" };
    expect(renderOutcome("APPROVED_PARTIAL", params)).toEqual({
      display: ["ACCEPTE PARTIEL 1000,00 EUR", "RESTE A PAYER 0,05 EUR"],
      display20: ["PARTIEL 1000,00", "ENCAISSER 0,05"],
      message: "Ton avantage Permis B a payé 1000,00 € ; il reste 0,05 € à payer au partenaire.",
    });
  });

  test("says what is available and the ceiling", () => {
    expect(renderOutcome("INSUFFICIENT_BALANCE", { remaining: euros(7) }).display[1]).toBe(
      "DISPONIBLE 7,00 EUR",
    );
    expect(renderOutcome("AMOUNT_OVER_LIMIT", { maxCents: 50_000 }).display[1]).toBe(
      "MAXIMUM 500,00 EUR",
    );
  });

  test("shows a label as it is, whatever signs it has", () => {
    const params = { amountCents: 100, avantageLabel: "{reste} $& #", remaining: euros(0) };
    expect(renderOutcome("APPROVED", params).message).toBe(
      "C'est bon : ton avantage {reste} $& # a payé 1,00 €. Il te reste 0,00 €.",
    );
  });
});

describe("a sale of seats", () => {
  test.each([
    [1, 100, 1, "ACCEPTE 1 PLACE", "ENCAISSER 1,00 EUR", "une place de cinéma", "1 place."],
    [5, 500, 0, "ACCEPTE 5 PLACES", "ENCAISSER 5,00 EUR", "5 places de cinéma", "0 place."],
    [2, 200, 3, "ACCEPTE 2 PLACES", "ENCAISSER 2,00 EUR", "2 places de cinéma", "3 places."],
  ])("of %i", (quantity, collectCents, left, line1, line2, taken, remains) => {
    const shown = renderOutcome("APPROVED_SEATS", {
      quantity,
      collectCents,
      remaining: seats(left),
    });
    expect(shown.display).toEqual([line1, line2]);
    expect(shown.message).toBe(
      `C'est bon : ${taken}. Tu paies 1 € par place. Il te reste ${remains}`,
    );
  });

  test.each([
    [0, "RESTE 0 PLACE", "Il ne te reste aucune place de cinéma à 1 €."],
    [1, "RESTE 1 PLACE", "Il te reste 1 place de cinéma à 1 €."],
    [4, "RESTE 4 PLACES", "Il te reste 4 places de cinéma à 1 €."],
  ])("is refused with %i left", (left, line2, message) => {
    const shown = renderOutcome("SEATS_EXHAUSTED", { remaining: seats(left) });
    expect(shown.display).toEqual(["SOLDE DE PLACES INSUFFISANT", line2]);
    expect(shown.display20).toEqual(["PLACES INSUFFISANTES", line2]);
    expect(shown.message).toBe(message);
  });
});

describe("a use of coupons", () => {
  test.each([
    [1, 0, "ACCEPTE 1 COUPON", "un coupon utilisé", "0 coupon."],
    [2, 3, "ACCEPTE 2 COUPONS", "2 coupons utilisés", "3 coupons."],
  ])("of %i leaves nothing to collect", (quantity, left, line1, taken, remains) => {
    const shown = renderOutcome("APPROVED_COUPONS", { quantity, remaining: coupons(left) });
    expect(shown.display).toEqual([line1, "RIEN A ENCAISSER"]);
    expect(shown.display20).toEqual([line1, "RIEN A ENCAISSER"]);
    expect(shown.message).toBe(`C'est bon : ${taken}. Il te reste ${remains}`);
  });

  test.each([
    [0, "RESTE 0 COUPON", "Il ne te reste aucun coupon sur cet avantage."],
    [1, "RESTE 1 COUPON", "Il te reste 1 coupon sur cet avantage."],
    [4, "RESTE 4 COUPONS", "Il te reste 4 coupons sur cet avantage."],
  ])("is refused with %i left", (left, line2, message) => {
    const shown = renderOutcome("COUPONS_EXHAUSTED", { remaining: coupons(left) });
    expect(shown.display).toEqual(["PAS ASSEZ DE COUPONS", line2]);
    expect(shown.message).toBe(message);
  });
});

describe("a record", () => {
  test("says that nothing was taken", () => {
    expect(renderOutcome("APPROVED_RECORD", {}).display).toEqual(["ENREGISTRE", "SANS DEBIT"]);
  });

  test("that is the visit of a moment ago says so, and takes nothing either", () => {
    expect(renderOutcome("APPROVED_SAME_VISIT", {})).toEqual({
      display: ["DEJA ENREGISTRE", "MEME PASSAGE"],
      display20: ["DEJA ENREGISTRE", "MEME PASSAGE"],
      message: "Ton passage est déjà enregistré. Rien n'a été retiré de ta carte.",
    });
  });
});

describe("a hold and its capture", () => {
  test.each([
    [euros(20), "20,00 EUR", "20,00 €"],
    [seats(1), "1 PLACE", "1 place"],
    [seats(2), "2 PLACES", "2 places"],
    [coupons(3), "3 COUPONS", "3 coupons"],
  ])("of %o say how much, in its unit", (taken, line, written) => {
    const held = renderOutcome("APPROVED_HELD", { taken, avantageLabel: "Spectacles" });
    expect(held.display).toEqual([`RESERVE ${line}`, "A CONFIRMER PAR LE MAGASIN"]);
    expect(held.display20).toEqual(["RESERVE A CONFIRMER", line]);
    expect(held.message).toContain(`avantage Spectacles réserve ${written}.`);
    const captured = renderOutcome("CAPTURED", {
      taken,
      remaining: taken,
      avantageLabel: "Spectacles",
    });
    expect(captured.display).toEqual(["VENTE CONFIRMEE", line]);
    expect(captured.message).toBe(
      `C'est confirmé : ton avantage Spectacles a payé ${written}. Il te reste ${written}.`,
    );
  });

  test("that asks for more than is held is told the most", () => {
    const shown = renderOutcome("CAPTURE_OVER_HOLD", { remaining: seats(1) });
    expect(shown.display).toEqual(["PLUS QUE LA RESERVATION", "MAXIMUM 1 PLACE"]);
    expect(shown.display20).toEqual(["PLUS QUE RESERVE", "MAX 1 PLACE"]);
    expect(shown.message).toBe("Le partenaire peut prendre au plus 1 place, ce qui a été réservé.");
  });
});

describe("a refund", () => {
  test.each([
    [euros(12), "12,00 EUR RENDUS", "12,00 €"],
    [seats(1), "1 PLACE RENDUE", "1 place"],
    [coupons(2), "2 COUPONS RENDUS", "2 coupons"],
  ])("gives back %o", (returned, line2, credited) => {
    const shown = renderOutcome("REFUNDED", { returned, avantageLabel: "Spectacles" });
    expect(shown.display).toEqual(["CARTE RECREDITEE", line2]);
    expect(shown.message).toBe(`Ton avantage Spectacles a été recrédité de ${credited}.`);
  });

  test("to an avantage that is over says that it serves no more (T-22)", () => {
    const refund = { returned: euros(5), avantageLabel: "Spectacles" };
    expect(renderOutcome("REFUNDED", { ...refund, notUsable: true }).message).toBe(
      "Ton avantage Spectacles a été recrédité de 5,00 €, mais il ne peut plus être utilisé.",
    );
    expect(renderOutcome("REFUNDED", refund).message).not.toContain("ne peut plus");
  });

  test("of too much says how much is left, or that all was given back", () => {
    expect(renderOutcome("REFUND_OVER_CAPTURED", { remaining: euros(4) })).toEqual({
      display: ["PLUS QUE LE MONTANT PRIS", "MAXIMUM 4,00 EUR"],
      display20: ["PLUS QUE PRIS", "MAX 4,00 EUR"],
      message: "Le partenaire peut te rendre au plus 4,00 € de cette transaction.",
    });
    expect(renderOutcome("REFUND_OVER_CAPTURED", { remaining: seats(0) })).toEqual({
      display: ["DEJA RECREDITE", "RIEN DE PLUS A RENDRE"],
      display20: ["DEJA RECREDITE", "RIEN A RENDRE"],
      message: "Cette transaction t'a déjà été rendue en entier.",
    });
  });
});

describe("a reversal", () => {
  test.each([
    [euros(12), "12,00 EUR RENDUS", "12,00 €"],
    [euros(1), "1,00 EUR RENDU", "1,00 €"],
    [seats(2), "2 PLACES RENDUES", "2 places"],
    [seats(1), "1 PLACE RENDUE", "1 place"],
    [coupons(3), "3 COUPONS RENDUS", "3 coupons"],
    [coupons(1), "1 COUPON RENDU", "1 coupon"],
  ])("gives back %o", (returned, line2, credited) => {
    const shown = renderOutcome("REVERSED", { returned, avantageLabel: "Santé" });
    expect(shown.display).toEqual(["TRANSACTION ANNULEE", line2]);
    expect(shown.display20).toEqual(["TRANSACTION ANNULEE", line2]);
    expect(shown.message).toBe(
      `La transaction est annulée : ton avantage Santé a été recrédité de ${credited}.`,
    );
  });

  test.each([{}, { returned: euros(0), avantageLabel: "Spectacle" }])(
    "of a record or a tombstone speaks of no credit (%o)",
    (params) => {
      expect(renderOutcome("REVERSED", params)).toEqual({
        display: ["TRANSACTION ANNULEE", ""],
        display20: ["TRANSACTION ANNULEE", ""],
        message: "La transaction est annulée.",
      });
    },
  );
});

describe("the code secret and the card", () => {
  test("counts down the tries", () => {
    const shown = renderOutcome("PIN_INCORRECT", { triesLeft: 2 });
    expect(shown.display).toEqual(["CODE SECRET ERRONE", "ENCORE 2 ESSAIS"]);
    expect(shown.message).toBe("Code secret incorrect. Il te reste 2 essais.");
    expect(renderOutcome("PIN_INCORRECT", { triesLeft: 1 }).display[1]).toBe("ENCORE 1 ESSAI");
    expect(renderOutcome("PIN_INCORRECT_LAST", {}).display[1]).toBe("DERNIER ESSAI");
  });

  test("says where to set a code", () => {
    const params = { accountUrl: "https://compte.example/" };
    expect(renderOutcome("PIN_NOT_SET", params).message).toContain("(https://compte.example/)");
  });

  test("warns of the file number only where a number was typed", () => {
    expect(renderOutcome("CARD_UNKNOWN", {}).message).toBe("Cette carte n'est pas reconnue.");
    expect(renderOutcome("CARD_UNKNOWN", { keyed: true }).message).toBe(
      "Cette carte n'est pas reconnue. Vérifie le numéro de carte (pas le numéro de dossier).",
    );
  });

  test("writes dates the French way", () => {
    expect(renderOutcome("WINDOW_NOT_OPEN", { date: "2022-09-01" })).toEqual({
      display: ["AVANTAGE PAS ENCORE OUVERT", "A PARTIR DU 01/09/2022"],
      display20: ["AVANTAGE PAS OUVERT", "DES LE 01/09/2022"],
      message: "Cet avantage sera utilisable à partir du 01/09/2022.",
    });
  });
});

describe("who reads", () => {
  test("a till gets no reason for a refused card, the operator does", () => {
    const toTill = renderOutcome("CARD_BLOCKED", {});
    expect(toTill.display).toEqual(["CARTE REFUSEE", "RENDRE LA CARTE AU JEUNE"]);
    expect(toTill.message).toBe("Ta carte est refusée. Contacte l'assistance Pass'Région.");
    const toOperator = renderOutcome("CARD_BLOCKED", {}, "operator");
    expect(toOperator.display).toEqual(["CARTE REFUSEE", "CONTACTER L'ASSISTANCE"]);
  });
});

describe("a mistake of the caller", () => {
  test.each<[string, Parameters<typeof renderOutcome>[0], OutcomeParams]>([
    ["no amount", "APPROVED", { avantageLabel: "Spectacle", remaining: euros(1) }],
    ["no balance", "SEATS_EXHAUSTED", {}],
    ["no date", "WINDOW_CLOSED", {}],
    ["no tries", "PIN_INCORRECT", {}],
    ["no quantity", "APPROVED_SEATS", { collectCents: 100, remaining: seats(1) }],
    ["no label of what is credited", "REVERSED", { returned: euros(1) }],
  ])("is reported with code and text: %s", (_, code, params) => {
    expect(() => renderOutcome(code, params)).toThrow(new RegExp(`Bug.*${code} shows \\{\\w+`));
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "is reported for the amount %d",
    (maxCents) => {
      expect(() => renderOutcome("AMOUNT_OVER_LIMIT", { maxCents })).toThrow(/whole number/);
    },
  );

  test.each(["", "31/12/2026", "2026-12-31T00:00:00Z"])("is reported for the date %j", (date) => {
    expect(() => renderOutcome("WINDOW_CLOSED", { date })).toThrow(/YYYY-MM-DD/);
  });
});
