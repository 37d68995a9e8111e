// Civil dates in Paris become instants: both ends included, months clamped, the clock change of no account.

import { describe, expect, it } from "vitest";
import {
  createParisDays,
  parisDay,
  startOfDayMs,
  windowOfAge,
  windowOfDays,
  windowOfMonths,
} from "./civil-dates.js";

const instant = (ms: number | null) => ms !== null && new Date(ms).toISOString();

describe("a window of days", () => {
  it("runs from midnight to midnight in Paris, summer and winter", () => {
    const window = windowOfDays("2022-09-01", "2023-01-31");
    expect([instant(window.fromMs), instant(window.toMs)]).toEqual([
      "2022-08-31T22:00:00.000Z",
      "2023-01-31T23:00:00.000Z",
    ]);
  });

  it.each([
    ["2023-03-26", 23],
    ["2023-10-29", 25],
    ["2023-06-30", 24],
  ])("of %s has %i hours", (day, hours) => {
    const { fromMs, toMs } = windowOfDays(day, day);
    expect((toMs - (fromMs ?? 0)) / 3_600_000).toBe(hours);
  });

  it("without a first day is open since ever", () => {
    expect(windowOfDays(null, "2022-05-31")).toMatchObject({ fromMs: null, firstDay: null });
  });

  it.each([
    ["2023-02-30", "2023-03-01"],
    ["2023-06-02", "2023-06-01"],
    ["soon", "2023-06-01"],
  ])("from %s to %s is refused", (firstDay, lastDay) => {
    expect(() => windowOfDays(firstDay, lastDay)).toThrow(RangeError);
  });
});

describe("a window of 24 months", () => {
  it.each([
    ["2022-10-15T09:30:00Z", "2022-10-15", "2024-10-15"],
    ["2024-02-29T09:30:00Z", "2024-02-29", "2026-02-28"],
    ["2022-12-31T23:30:00Z", "2023-01-01", "2025-01-01"],
    ["2022-03-26T12:00:00Z", "2022-03-26", "2024-03-26"],
  ])("loaded at %s runs from %s to %s", (loadedAt, firstDay, lastDay) => {
    const loadedAtMs = Date.parse(loadedAt);
    const window = windowOfMonths(loadedAtMs, 24);
    expect(window).toMatchObject({ fromMs: loadedAtMs, firstDay, lastDay });
    expect(parisDay(window.toMs - 1)).toBe(lastDay);
    expect(parisDay(window.toMs)).not.toBe(lastDay);
  });
});

describe("a window of age", () => {
  const YEARS = { fromYears: 14, toYears: 25 };

  it("runs from the 14th birthday to the day before the 26th, in Paris (T-33)", () => {
    const { fromMs, toMs } = windowOfAge("2004-07-10", YEARS);
    expect([instant(fromMs), instant(toMs)]).toEqual([
      "2018-07-09T22:00:00.000Z",
      "2030-07-09T22:00:00.000Z",
    ]);
  });

  it("of somebody born on 29 February begins and ends on the 28th in other years", () => {
    const { fromMs, toMs } = windowOfAge("2004-02-29", YEARS);
    expect([parisDay(fromMs), parisDay(toMs)]).toEqual(["2018-02-28", "2030-02-28"]);
  });

  it("of a day that is none is refused", () => {
    expect(() => windowOfAge("2004-02-30", YEARS)).toThrow(RangeError);
  });
});

describe("the Paris day of an instant", () => {
  it.each([
    ["2023-03-25T22:59:59.999Z", "2023-03-25"],
    ["2023-03-25T23:00:00.000Z", "2023-03-26"],
    ["2023-03-26T21:59:59.999Z", "2023-03-26"],
    ["2023-03-26T22:00:00.000Z", "2023-03-27"],
    ["2023-10-29T22:59:59.999Z", "2023-10-29"],
    ["2023-10-29T23:00:00.000Z", "2023-10-30"],
  ])("%s is on %s, in either clock change", (at, day) => {
    expect(parisDay(Date.parse(at))).toBe(day);
    expect(startOfDayMs(day)).toBeLessThanOrEqual(Date.parse(at));
  });

  it("is named the same from one that remembers, forwards and backwards", () => {
    const days = createParisDays();
    const hours = Array.from({ length: 60 }, (_, hour) => Date.UTC(2023, 2, 25, hour));
    for (const atMs of [...hours, ...hours.toReversed()]) {
      expect(days(atMs)).toBe(parisDay(atMs));
      expect(days(atMs - 1)).toBe(parisDay(atMs - 1));
    }
  });
});
