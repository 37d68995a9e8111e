// The ceilings of a tap that proves little, and how often a card may be used.

import { describe, expect, it } from "vitest";
import {
  type CaseOptions,
  NOW_MS,
  programmeWith,
  saleCase,
} from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { checkCeilings, checkVelocity } from "./limits.js";
import type { Card, DayTotal } from "./model.js";
import type { Velocity } from "./programme.js";

const DAY = "2023-03-15";
const ABOVE = { refusal: { code: "PIN_REQUIRED" } };
const NOTHING = { effects: [] };

/** Ceilings of 30 € a tap and 60 € a day (T-12). */
function tap(
  cents: number,
  change: { card?: Partial<Card> | null; isTap?: boolean; generation?: string } = {},
) {
  const { card = {}, isTap = true, generation = "2018" } = change;
  const { snapshot } = saleCase({ card: card && { generation, ...card } });
  return checkCeilings({ snapshot, programme: TEST_PROGRAMME, isTap, cents, day: DAY });
}

const noted = (from: DayTotal | null, cents: number) => ({
  effects: [{ type: "noteTap", cardId: "card-1", from, to: { day: DAY, cents } }],
});

describe("a tap of an identifier", () => {
  it("is believed up to 30 €, and counted", () => {
    expect(tap(3_000)).toEqual(noted(null, 3_000));
    expect(tap(3_001)).toEqual(ABOVE);
  });

  it("is believed up to 60 € in a day", () => {
    const tapped = { day: DAY, cents: 4_000 };
    expect(tap(2_000, { card: { tapped } })).toEqual(noted(tapped, 6_000));
    expect(tap(2_001, { card: { tapped } })).toEqual(ABOVE);
  });

  it("begins anew each day", () => {
    const tapped = { day: "2023-03-14", cents: 6_000 };
    expect(tap(2_500, { card: { tapped } })).toEqual(noted(tapped, 2_500));
  });

  it("is not counted where nothing is taken in euros", () => {
    expect(tap(0, { card: { tapped: { day: DAY, cents: 6_000 } } })).toEqual(NOTHING);
  });
});

describe("no ceiling stands", () => {
  it.each<[string, Parameters<typeof tap>[1]]>([
    ["above a card that proves itself", { generation: "2022" }],
    ["above a PIN", { isTap: false }],
    ["above a generation that is not known", { generation: "1999" }],
    ["where there is no card", { card: null }],
  ])("%s", (_what, change) => {
    expect(tap(50_000, change)).toEqual(NOTHING);
  });
});

describe("velocity", () => {
  const MINUTE_MS = 60_000;
  const velocity: Velocity = { salesMax: 2, withinMs: MINUTE_MS };
  const after = (recentSalesMs: readonly number[], limit: Velocity | null = velocity) => {
    const options: CaseOptions = { recentSalesMs };
    const programme = programmeWith({ settings: { velocity: limit } });
    return checkVelocity(saleCase(options).snapshot, programme, NOW_MS);
  };

  it("lets as many sales pass as are allowed", () => {
    expect(after([])).toBeNull();
    expect(after([NOW_MS - 1])).toBeNull();
  });

  it("refuses the next one until the oldest that counts has left the time", () => {
    expect(after([NOW_MS - 50_000, NOW_MS - 10_000])).toEqual({
      code: "VELOCITY_LIMIT",
      figures: { retryAfterMs: 10_000 },
    });
    expect(after([NOW_MS - 50_000, NOW_MS - 30_000, NOW_MS - 10_000])).toEqual({
      code: "VELOCITY_LIMIT",
      figures: { retryAfterMs: 30_000 },
    });
  });

  it("forgets a sale when the time is over, to the millisecond", () => {
    expect(after([NOW_MS - MINUTE_MS, NOW_MS - 1])).toBeNull();
    expect(after([NOW_MS - MINUTE_MS + 1, NOW_MS - 1])?.figures).toEqual({ retryAfterMs: 1 });
  });

  it("is no limit where the programme sets none", () => {
    expect(after([NOW_MS - 3, NOW_MS - 2, NOW_MS - 1], null)).toBeNull();
  });
});
