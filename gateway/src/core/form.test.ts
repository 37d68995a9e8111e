// The form of what was typed, by the avantage's unit, before any holder is looked at.

import { PURCHASE_CENTS_MAX, QUANTITY_MAX } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../tests/support/builders.js";
import { checkForm } from "./form.js";
import type { AvantageRule } from "./programme.js";

type Row = readonly [
  avantage: string,
  purchaseCents: number | null,
  quantity: number | null,
  refusal: string | null,
];

const ROWS: readonly Row[] = [
  ["SPECTACLE", 1, null, null],
  ["SPECTACLE", PURCHASE_CENTS_MAX, null, null],
  ["SPECTACLE", PURCHASE_CENTS_MAX + 1, null, "AMOUNT_INVALID"],
  ["SPECTACLE", 0, null, "AMOUNT_INVALID"],
  ["SPECTACLE", -1, null, "AMOUNT_INVALID"],
  ["SPECTACLE", 1.5, null, "AMOUNT_INVALID"],
  ["SPECTACLE", null, null, "AMOUNT_INVALID"],
  ["SPECTACLE", 100, 1, "QUANTITY_INVALID"],
  ["SPECTACLE", 100, 2, "QUANTITY_INVALID"],
  ["SPECTACLE", null, 2, "AMOUNT_INVALID"],
  ["PSC1", 6000, null, null],
  ["PSC1", 6000, 1, null],
  ["PSC1", 6000, 0, "QUANTITY_INVALID"],
  ["PSC1", 6000, 2, "COLLECTIVE_USE_FORBIDDEN"],
  ["CINEMA", null, 1, null],
  ["CINEMA", null, QUANTITY_MAX, null],
  ["CINEMA", null, QUANTITY_MAX + 1, "QUANTITY_INVALID"],
  ["CINEMA", null, 0, "QUANTITY_INVALID"],
  ["CINEMA", null, null, "QUANTITY_INVALID"],
  ["CINEMA", -5, 1, "AMOUNT_INVALID"],
  ["CINEMA", 100, 1, "AMOUNT_INVALID"],
  ["CINEMA", 101, 1, null],
  ["CINEMA", 300, 3, "AMOUNT_INVALID"],
  ["CINEMA", 301, 3, null],
  ["CINEMA", 101, 0, "QUANTITY_INVALID"],
  ["CINEMA", 0, 0, "AMOUNT_INVALID"],
  ["CINEMA", -1, -2, "AMOUNT_INVALID"],
  ["CINEMA", 0, null, "AMOUNT_INVALID"],
  ["CINEMA", 1, null, "QUANTITY_INVALID"],
  ["SANTE_COUPON", null, 2, null],
  ["SANTE_COUPON", 1, 2, null],
  ["SANTE_COUPON", 0, 2, "AMOUNT_INVALID"],
  ["SANTE_COUPON", null, null, "QUANTITY_INVALID"],
  ["MUSEE", null, null, null],
  ["MUSEE", 0, null, "AMOUNT_INVALID"],
  ["MUSEE", 100, null, "AMOUNT_INVALID"],
  ["MUSEE", null, 1, "QUANTITY_INVALID"],
  ["MANUELS_GRATUITS", null, null, null],
  ["APPRENTI_EQUIPEMENT", null, null, null],
  ["APPRENTI_EQUIPEMENT", 18_000, null, null],
  ["APPRENTI_EQUIPEMENT", 0, null, "AMOUNT_INVALID"],
  ["APPRENTI_EQUIPEMENT", 18_000, 1, "QUANTITY_INVALID"],
];

describe("what was typed", () => {
  it.each(ROWS)(
    "for %s, %s cents and quantity %s: %s",
    (code, purchaseCents, quantity, refusal) => {
      expect(checkForm(ruleOf(code), { purchaseCents, quantity })?.code ?? null).toBe(refusal);
    },
  );

  it("above the avantage's own ceiling is refused with the ceiling", () => {
    const rule = ruleOf("SPECTACLE", { purchaseCentsMax: 5_000 });
    const at = (purchaseCents: number) => checkForm(rule, { purchaseCents, quantity: null });
    expect(at(5_000)).toBeNull();
    expect(at(5_001)).toEqual({ code: "AMOUNT_OVER_LIMIT", figures: { maxCents: 5_000 } });
  });

  it.each([
    ["of a single use alone", "LICENCE"],
    ["not for one person alone", "SPECTACLE"],
  ])("is no group where the avantage is %s", (_what, code) => {
    const rule: AvantageRule = ruleOf(code);
    const asked = { purchaseCents: 6000, quantity: 2 };
    expect(checkForm(rule, asked)).toEqual({ code: "QUANTITY_INVALID" });
  });

  it("is bound by the avantage's own number of units in a sale (T-30)", () => {
    const rule = ruleOf("CINEMA", { unitsPerSaleMax: 2 });
    const at = (quantity: number) => checkForm(rule, { purchaseCents: null, quantity });
    expect(at(2)).toBeNull();
    expect(at(3)).toEqual({ code: "QUANTITY_INVALID" });
  });
});
