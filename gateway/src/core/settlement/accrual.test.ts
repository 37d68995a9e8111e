import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aConvention, NOW_MS } from "../../../../tests/support/builders.js";
import { printedSeed } from "../../../../tests/support/random.js";
import { BugError } from "../assert.js";
import type { Convention } from "../model.js";
import type { Reimbursement } from "../programme.js";
import { accrueReturn, accrueSale, isByTariff, type SaleMovement } from "./accrual.js";

const SCHOOL_YEAR = "2022/2023";

function saleOf(change: Partial<SaleMovement> = {}): SaleMovement {
  return {
    kind: "sale",
    terminalId: "terminal-1",
    saleId: "sale-1",
    refundId: null,
    partnerId: "partner-1",
    avantage: "CINEMA",
    unit: "SEAT",
    units: 2,
    takenAtMs: NOW_MS,
    atMs: NOW_MS,
    programmeHash: "hash",
    ...change,
  };
}

function accrued(input: {
  readonly sale?: Partial<SaleMovement>;
  readonly by: Reimbursement["by"];
  readonly tariff?: number;
  readonly held?: boolean;
  readonly conventions?: readonly Convention[];
}) {
  const { by, tariff = null, held = false, conventions = [] } = input;
  return accrueSale({
    movement: saleOf(input.sale),
    reimbursement: { by, tariffCentsPerUnit: tariff, heldForPapers: held },
    conventions,
    schoolYear: SCHOOL_YEAR,
  });
}

const centsAt = (conventions: readonly Convention[], sale: Partial<SaleMovement> = {}) =>
  accrued({ by: "tariff", tariff: 520, conventions, sale })?.amountCents;

it.each([
  ["tariff", true],
  ["convention", true],
  ["debit", false],
  ["nothing", false],
] as const)("a convention can price what is reimbursed by %s: %s", (by, can) => {
  expect(isByTariff({ by, tariffCentsPerUnit: null, heldForPapers: false })).toBe(can);
});

describe("what is owed for a sale", () => {
  it("is its debit, where it is reimbursed by that (T-55)", () => {
    const sale = { avantage: "EQUIPEMENT", unit: "EUR_CENT", units: 1234 } as const;
    expect(accrued({ by: "debit", sale, held: true })).toEqual({
      kind: "sale",
      terminalId: "terminal-1",
      saleId: "sale-1",
      refundId: null,
      partnerId: "partner-1",
      ...sale,
      takenAtMs: NOW_MS,
      atMs: NOW_MS,
      amountCents: 1234,
      heldForPapers: true,
      schoolYear: SCHOOL_YEAR,
    });
  });

  it("never takes seats for cents", () => {
    expect(() => accrued({ by: "debit" })).toThrow(BugError);
  });

  it.each([0, -1])("is a bug where it took %d", (units) => {
    expect(() => accrued({ by: "tariff", tariff: 520, sale: { units } })).toThrow(BugError);
  });

  it("is a bug where it is by tariff, and nobody names one", () => {
    expect(() => accrued({ by: "tariff" })).toThrow(BugError);
  });

  it("is the programme's tariff for each seat, and before it the convention's (T-29)", () => {
    expect(centsAt([])).toBe(1040);
    expect(centsAt([aConvention({ tariffs: { CINEMA: 600 } })])).toBe(1200);
    expect(centsAt([aConvention({ tariffs: { MUSEE: 600 } })])).toBe(1040);
    expect(centsAt([aConvention()])).toBe(1040);
  });

  it("is by the convention that was in force when it was taken", () => {
    const until = { reference: "C-1", toMs: NOW_MS, tariffs: { CINEMA: 500 } };
    const from = { reference: "C-2", fromMs: NOW_MS, tariffs: { CINEMA: 700 } };
    const both = [aConvention(until), aConvention(from)];
    expect(centsAt(both)).toBe(1400);
    expect(centsAt(both, { takenAtMs: NOW_MS - 1 })).toBe(1000);
    expect(centsAt([aConvention({ ...from, state: "SIGNED" })])).toBe(1040);
  });

  it("is by the convention it was made under, though that was terminated or carried by grace", () => {
    const tariffs = { CINEMA: 700 };
    expect(centsAt([aConvention({ state: "TERMINATED", tariffs })])).toBe(1400);
    expect(centsAt([aConvention({ toMs: NOW_MS - 1, tariffs })])).toBe(1400);
    expect(centsAt([aConvention({ fromMs: NOW_MS + 1, tariffs })])).toBe(1040);
  });

  const ENDED = { state: "TERMINATED" } as const;
  /** Begun later than the other one, and over at the very instant of the sale. */
  const OVER = { fromMs: 1, toMs: NOW_MS };

  it.each<[string, number, Partial<Convention>, Partial<Convention>]>([
    ["that began last", 500, {}, { fromMs: 1 }],
    ["with the first reference, where both began at once", 700, {}, {}],
    ["that ran at that instant", 700, {}, OVER],
    ["that ran at that instant, though it was terminated since", 700, ENDED, OVER],
    ["that was not terminated", 700, {}, { ...ENDED, fromMs: 1 }],
    ["that began last, where both were terminated", 500, ENDED, { ...ENDED, fromMs: 1 }],
  ])("is by the one of two conventions %s, in either order", (_, price, first, second) => {
    const both = [
      aConvention({ reference: "C-1", tariffs: { CINEMA: 700 }, ...first }),
      aConvention({ reference: "C-2", tariffs: { CINEMA: 500 }, ...second }),
    ];
    const inEitherOrder = [both, [...both].reverse()];
    expect(inEitherOrder.map((it) => centsAt(it, { units: 1 }))).toEqual([price, price]);
  });

  it("is nothing for a visit, until a convention names a price (T-32)", () => {
    const sale = { avantage: "MUSEE", unit: "UNLIMITED", units: 1 } as const;
    expect(accrued({ by: "convention", sale })).toBeNull();
    const conventions = [aConvention({ tariffs: { MUSEE: 300 } })];
    expect(accrued({ by: "convention", sale, conventions })?.amountCents).toBe(300);
  });

  it("is nothing for what is never reimbursed, whatever a convention says (T-33)", () => {
    const sale = { avantage: "APPRENTI_EQUIPEMENT", unit: "RECORD", units: 1 } as const;
    const conventions = [aConvention({ tariffs: { APPRENTI_EQUIPEMENT: 300 } })];
    expect(accrued({ by: "nothing", sale, conventions })).toBeNull();
  });
});

describe("what is owed back", () => {
  const returned = (units: number) =>
    ({ kind: "refund", refundId: "refund-1", units, atMs: NOW_MS + 5 }) as const;

  it("is at the price of the sale's own line, in its school year, with its duty of papers", () => {
    const sale = accrued({ by: "tariff", tariff: 520, held: true });
    expect(accrueReturn(returned(-1), sale)).toEqual({
      ...sale,
      ...returned(-1),
      amountCents: -520,
    });
  });

  it("is nothing where nothing was owed for the sale", () => {
    expect(accrueReturn(returned(-1), null)).toBeNull();
  });

  it.each([-3, 0, 1])("of %d units of a sale of two is a bug", (units) => {
    const sale = accrued({ by: "tariff", tariff: 520 });
    expect(() => accrueReturn(returned(units), sale)).toThrow(BugError);
  });

  it("is a bug where the sale's line is of no whole price", () => {
    const sale = accrued({ by: "tariff", tariff: 520 });
    const uneven = sale && { ...sale, amountCents: 1041 };
    expect(() => accrueReturn(returned(-1), uneven)).toThrow(BugError);
  });

  it("leaves nothing owed once everything was given back, in whatever parts", () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 });
    const price = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(parts, price, (units, tariff) => {
        const taken = units.reduce((sum, it) => sum + it, 0);
        const sale = accrued({ by: "tariff", tariff, sale: { units: taken } });
        const back = units.map((it) => accrueReturn(returned(-it), sale)?.amountCents ?? 0);
        expect(back.reduce((sum, it) => sum + it, sale?.amountCents ?? 0)).toBe(0);
      }),
      printedSeed("returns in parts", 200),
    );
  });
});
