import { describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { formatLine } from "../client/journal-format.js";
import type { AnswerRecord, JournalRecord } from "../client/journal-records.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { DAYS_KEPT, dayTotals, resolveDay } from "./day.js";

const DAY = "2023-11-14";
const NOON = Date.parse("2023-11-14T11:00:00Z");
const NEXT_DAY = Date.parse("2023-11-14T23:00:00Z");

const attempt = (id: string, avantage = "SPECTACLE"): JournalRecord => {
  return { type: "attempt", id, atMs: NOON, avantage };
};
const approved = (id: string, fields: Partial<AnswerRecord> = {}): JournalRecord => {
  const outcome = "approved";
  return { type: "answer", id, atMs: NOON, decidedAtMs: NOON, outcome, code: "X", ...fields };
};
const EUROS = { amountCents: 1800, unit: "EUR_CENT" };

async function totalsOf(
  records: readonly JournalRecord[],
  options: { day?: string; unitOf?: (avantage: string) => string | undefined } = {},
) {
  const { day = DAY, unitOf = () => undefined } = options;
  const disk = new MemoryDisk();
  disk.put("journal", records.map(formatLine).join(""));
  const journal = await Journal.open({ path: "journal", disk, clock: new ManualClock() });
  return dayTotals({ journal, profile: { unitOf }, day }).totals;
}

const side = (count: number, value: number) => ({ count, value });

describe("the journal's totals of a day", () => {
  it("have one line for each avantage, with sales, reversals and refunds", async () => {
    const totals = await totalsOf([
      attempt("a"),
      approved("a", EUROS),
      attempt("b"),
      approved("b", { ...EUROS, amountCents: 700 }),
      { type: "reversalDone", id: "b", atMs: NOON, decidedAtMs: NOON, returnedValue: 700 },
      attempt("c", "CINEMA"),
      approved("c", { quantity: 2, unit: "SEAT" }),
      { type: "refundOwed", id: "r", atMs: NOON, of: "c", quantity: 1 },
      {
        type: "refundDone",
        id: "r",
        atMs: NOON,
        decidedAtMs: NOON,
        code: "REFUNDED",
        avantage: "CINEMA",
        returned: { unit: "SEAT", value: 1 },
      },
    ]);
    expect(totals).toEqual([
      {
        avantage: "CINEMA",
        unit: "SEAT",
        sales: side(1, 2),
        reversals: side(0, 0),
        refunds: side(1, 1),
      },
      {
        avantage: "SPECTACLE",
        unit: "EUR_CENT",
        sales: side(2, 2500),
        reversals: side(1, 700),
        refunds: side(0, 0),
      },
    ]);
  });

  it.each<[string, JournalRecord[]]>([
    ["a decline", [attempt("a"), approved("a", { outcome: "declined" })]],
    ["a sale in doubt", [attempt("a")]],
    [
      "a sale in doubt that was reversed",
      [attempt("a"), { type: "reversalDone", id: "a", atMs: NOON }],
    ],
    ["what is only held", [attempt("a"), approved("a", { ...EUROS, holdExpiresAtMs: NEXT_DAY })]],
    ["a refund without an answer", [{ type: "refundOwed", id: "r", atMs: NOON, of: "a" }]],
  ])("leave out %s", async (_case, records) => {
    expect(await totalsOf(records)).toEqual([]);
  });

  it("count a sale on the day on which the gateway decided it, whatever the terminal's clock says", async () => {
    const records = [attempt("a"), approved("a", { ...EUROS, decidedAtMs: NEXT_DAY })];
    expect(await totalsOf(records)).toEqual([]);
    expect(await totalsOf(records, { day: "2023-11-15" })).toMatchObject([
      { sales: side(1, 1800) },
    ]);
  });

  it("count a hold when it is captured, with what was captured", async () => {
    const records: JournalRecord[] = [
      attempt("a"),
      approved("a", { ...EUROS, holdExpiresAtMs: NEXT_DAY }),
      { type: "captured", id: "a", atMs: NOON, decidedAtMs: NEXT_DAY, amountCents: 500 },
    ];
    expect(await totalsOf(records)).toEqual([]);
    expect(await totalsOf(records, { day: "2023-11-15" })).toMatchObject([{ sales: side(1, 500) }]);
  });

  it("count a recorded use, and its reversal, as nothing taken", async () => {
    const totals = await totalsOf([
      attempt("a", "MUSEE"),
      approved("a", { unit: "RECORD", quantity: 3 }),
      { type: "reversalDone", id: "a", atMs: NOON, decidedAtMs: NOON },
    ]);
    expect(totals).toMatchObject([{ unit: "RECORD", sales: side(1, 0), reversals: side(1, 0) }]);
  });

  it("read what an earlier version wrote, which kept neither unit nor the gateway's time", async () => {
    const old = { type: "answer", id: "a", atMs: NOON, outcome: "approved", code: "X" } as const;
    const records: JournalRecord[] = [
      attempt("a"),
      { ...old, amountCents: 1800 },
      { type: "reversalDone", id: "a", atMs: NOON },
      attempt("b", "PASS"),
      { ...old, id: "b", quantity: 2 },
      attempt("c", "MUSEE"),
      { ...old, id: "c" },
    ];
    const unitOf = (avantage: string) => (avantage === "PASS" ? "COUPON" : undefined);
    expect(await totalsOf(records, { unitOf })).toMatchObject([
      { avantage: "MUSEE", unit: "RECORD", sales: side(1, 0) },
      { avantage: "PASS", unit: "COUPON", sales: side(1, 2) },
      { avantage: "SPECTACLE", unit: "EUR_CENT", sales: side(1, 1800), reversals: side(1, 1800) },
    ]);
  });
});

describe("the day that is meant", () => {
  const profile = { gatewayNowMs: () => NEXT_DAY };

  it("is today in Paris by the gateway's clock, unless one is given", () => {
    expect(resolveDay(profile)).toBe("2023-11-15");
    expect(resolveDay(profile, DAY)).toBe(DAY);
  });

  it.each([
    ["is no day", "2023-02-30"],
    ["is to come", "2023-11-16"],
    ["is too long ago for the journal", "2023-11-08"],
  ])("is the integrator's to mend where it %s", (_case, day) => {
    expect(DAYS_KEPT).toBe(7);
    expect(() => resolveDay(profile, day)).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
  });
});
