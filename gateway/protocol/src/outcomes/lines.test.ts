// Shows that every text fits its display and its alphabet, whatever the values.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CountedUnit, PURCHASE_CENTS_MAX } from "../money.js";
import { OUTCOMES, type OutcomeCode, type PublicCode } from "./codes.js";
import { outcomeSpec, PUBLIC_CODES } from "./lookup.js";
import type { OutcomeParams } from "./params.js";
import { renderOutcome } from "./render.js";

const ALL_CODES: readonly (OutcomeCode | PublicCode)[] = [
  ...new Set([...OUTCOMES.map(({ code }) => code), ...PUBLIC_CODES]),
];
const TILL_ALPHABET = /^[A-Z0-9 ',./=?-]*$/;
const WIDE = 32;
const NARROW = 20;

const WIDEST_COUNT = 99;

const cents = fc.oneof(
  fc.constantFrom(0, 1, 99, 100_000, PURCHASE_CENTS_MAX),
  fc.nat(PURCHASE_CENTS_MAX),
);
const count = fc.oneof(fc.constantFrom(0, 1, 2, WIDEST_COUNT), fc.nat(WIDEST_COUNT));
const unit = fc.constantFrom<CountedUnit>("EUR_CENT", "SEAT", "COUPON");
const balance = unit.chain((of) =>
  (of === "EUR_CENT" ? cents : count).map((value) => ({ unit: of, value })),
);
const day = fc
  .date({ min: new Date("2022-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const anyParams: fc.Arbitrary<OutcomeParams> = fc.record({
  amountCents: cents,
  collectCents: cents,
  remaining: balance,
  quantity: count,
  triesLeft: count,
  date: fc.oneof(fc.constant("2026-12-31"), day),
  maxCents: cents,
  avantageLabel: fc.constantFrom("Manuels scolaires", "Cinéma", "Livres loisir"),
  taken: balance,
  returned: balance,
  notUsable: fc.boolean(),
  accountUrl: fc.constant("https://compte.example/"),
  keyed: fc.boolean(),
});

const WIDEST: OutcomeParams = {
  amountCents: PURCHASE_CENTS_MAX,
  collectCents: PURCHASE_CENTS_MAX,
  remaining: { unit: "EUR_CENT", value: PURCHASE_CENTS_MAX },
  quantity: WIDEST_COUNT,
  triesLeft: WIDEST_COUNT,
  date: "2026-12-31",
  maxCents: PURCHASE_CENTS_MAX,
  avantageLabel: "Premier équipement professionnel",
  taken: { unit: "EUR_CENT", value: PURCHASE_CENTS_MAX },
  returned: { unit: "EUR_CENT", value: PURCHASE_CENTS_MAX },
  accountUrl: "https://compte.example/",
};

function expectToFit(lines: readonly string[], width: number): void {
  for (const line of lines) {
    expect(line).toMatch(TILL_ALPHABET);
    expect(line.length, `"${line}" on ${width} columns`).toBeLessThanOrEqual(width);
  }
}

describe.each(ALL_CODES)("%s", (code) => {
  const spec = outcomeSpec(code);

  test("has two lines for each display and a message", () => {
    const texts = [...spec.lines, ...spec.lines20, spec.message];
    expect(texts.map((text) => text.trim())).toEqual(texts);
    expect(texts).not.toContain("");
  });

  test("fits with the widest values", () => {
    for (const audience of ["till", "operator"] as const) {
      const { display, display20 } = renderOutcome(code, WIDEST, audience);
      expectToFit(display, WIDE);
      expectToFit(display20, NARROW);
    }
  });

  test("fits and is filled in whatever the values", () => {
    fc.assert(
      fc.property(anyParams, fc.constantFrom("till", "operator"), (params, audience) => {
        const { display, display20, message } = renderOutcome(code, params, audience);
        expectToFit(display, WIDE);
        expectToFit(display20, NARROW);
        expect(message).not.toMatch(/[{}|#]|undefined|NaN/);
      }),
    );
  });
});
