import { MOVES_PER_PAGE, type TillMove, type TillTotal } from "@pass-tpe/protocol";
import { describe, expect, test } from "vitest";
import { compareTillDay, totalsOf } from "./till-day.js";

const SALE_ID = "0193a5f0-0000-7000-8000-000000000001";
const NONE = { count: 0, value: 0 };

const move = (change: Partial<TillMove> = {}): TillMove => ({
  kind: "sale",
  saleId: SALE_ID,
  avantage: "SPECTACLE",
  unit: "EUR_CENT",
  value: 1_000,
  atMs: 0,
  ...change,
});

type Claimed = Parameters<typeof compareTillDay>[0]["claimed"][number];

const claim = (change: Partial<Claimed> = {}): Claimed => ({
  avantage: "SPECTACLE",
  unit: "EUR_CENT",
  sales: { count: 1, value: 1_000 },
  reversals: NONE,
  refunds: NONE,
  ...change,
});

const agreed = (moves: readonly TillMove[], claimed: readonly Claimed[]) =>
  compareTillDay({ moves, claimed: [...claimed], page: 0 }).agreed;

describe("the totals of a day", () => {
  test("count and add each kind of move by avantage, in the order of names", () => {
    const moves = [
      move(),
      move({ value: 500 }),
      move({ kind: "reversal" }),
      move({ kind: "refund", value: 200 }),
      move({ avantage: "CINEMA", unit: "SEAT", value: 2 }),
    ];
    const expected: TillTotal[] = [
      {
        avantage: "CINEMA",
        unit: "SEAT",
        sales: { count: 1, value: 2 },
        reversals: NONE,
        refunds: NONE,
      },
      {
        avantage: "SPECTACLE",
        unit: "EUR_CENT",
        sales: { count: 2, value: 1_500 },
        reversals: { count: 1, value: 1_000 },
        refunds: { count: 1, value: 200 },
      },
    ];
    expect(totalsOf(moves)).toEqual(expected);
  });

  test("are in the order of names, whatever the order of the moves", () => {
    const named = (...avantages: string[]) =>
      totalsOf(avantages.map((avantage) => move({ avantage }))).map(({ avantage }) => avantage);
    expect(named("CINEMA", "LICENCE", "SPECTACLE")).toEqual(["CINEMA", "LICENCE", "SPECTACLE"]);
    expect(named("SPECTACLE", "CINEMA", "LICENCE")).toEqual(["CINEMA", "LICENCE", "SPECTACLE"]);
  });

  test("of no move are none", () => {
    expect(totalsOf([])).toEqual([]);
  });

  test("never add different units of one avantage", () => {
    const units = totalsOf([move(), move({ unit: "COUPON", value: 1 })]).map(({ unit }) => unit);
    expect(units).toEqual(["COUPON", "EUR_CENT"]);
  });

  test("of a kind of move that is not known are a bug", () => {
    expect(() => totalsOf([move({ kind: "rental" })])).toThrow("rental");
  });
});

describe("a day", () => {
  test("agrees with the same totals, and lists no move then", () => {
    const compared = compareTillDay({ moves: [move()], claimed: [claim()], page: 0 });
    expect(compared).toEqual({
      agreed: true,
      totals: [claim()],
      moves: [],
      morePages: false,
    });
  });

  test("agrees in any order of totals", () => {
    const seats = { avantage: "CINEMA", unit: "SEAT", sales: { count: 1, value: 1 } } as const;
    const moves = [move(), move({ avantage: "CINEMA", unit: "SEAT", value: 1 })];
    expect(agreed(moves, [claim(), claim(seats)])).toBe(true);
    expect(agreed(moves, [claim(seats), claim()])).toBe(true);
  });

  test("agrees with a total of nothing beside it", () => {
    expect(agreed([move()], [claim(), claim({ avantage: "CINEMA", sales: NONE })])).toBe(true);
    expect(agreed([], [])).toBe(true);
  });

  test("agrees where a use without a debit is a record for one and unlimited for the other", () => {
    const visit = { avantage: "MUSEE", value: 0 };
    const claimed = claim({ ...visit, unit: "RECORD", sales: { count: 1, value: 0 } });
    expect(agreed([move({ ...visit, unit: "UNLIMITED" })], [claimed])).toBe(true);
  });

  test.each<[string, readonly Claimed[]]>([
    ["nothing", []],
    ["one sale more", [claim({ sales: { count: 2, value: 1_000 } })]],
    ["another value", [claim({ sales: { count: 1, value: 1_001 } })]],
    [
      "a value without a sale",
      [claim(), claim({ avantage: "CINEMA", sales: { count: 0, value: 1 } })],
    ],
    ["the same digits, shared out otherwise", [claim({ sales: { count: 1_100, value: 0 } })]],
    ["a reversal", [claim({ reversals: { count: 1, value: 1_000 } })]],
    ["a refund", [claim({ refunds: { count: 1, value: 1_000 } })]],
    ["another unit", [claim({ unit: "COUPON" })]],
    ["another avantage", [claim({ avantage: "LICENCE" })]],
    ["the same total twice", [claim(), claim()]],
  ])("does not agree with a till that has %s", (_what, claimed) => {
    expect(agreed([move()], claimed)).toBe(false);
  });

  test("that does not agree lists its moves page by page, in their order", () => {
    const moves = Array.from({ length: MOVES_PER_PAGE + 1 }, (_, atMs) => move({ atMs }));
    const page = (no: number) => compareTillDay({ moves, claimed: [], page: no });
    expect(page(0)).toMatchObject({ agreed: false, morePages: true });
    expect(page(0).moves).toHaveLength(MOVES_PER_PAGE);
    expect(page(1)).toMatchObject({ moves: [{ atMs: MOVES_PER_PAGE }], morePages: false });
    expect(page(2)).toMatchObject({ moves: [], morePages: false });
  });

  test("whose moves fill a page exactly has no other", () => {
    const moves = Array.from({ length: MOVES_PER_PAGE }, () => move());
    expect(compareTillDay({ moves, claimed: [], page: 0 }).morePages).toBe(false);
  });
});
