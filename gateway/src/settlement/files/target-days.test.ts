// The days on which TARGET is open, and the next of them.

import { describe, expect, it, test } from "vitest";
import { isTargetDay, nextTargetDay } from "./target-days.js";

describe("the TARGET calendar", () => {
  test.each([
    ["2023-01-01", "New Year on a Sunday"],
    ["2024-01-01", "New Year"],
    ["2023-04-07", "Good Friday"],
    ["2023-04-10", "Easter Monday"],
    ["2024-03-29", "Good Friday in March"],
    ["2024-04-01", "Easter Monday after it"],
    ["2038-04-23", "Good Friday before the latest Easter that there can be"],
    ["2038-04-26", "Easter Monday after it"],
    ["2008-03-21", "Good Friday of an early Easter"],
    ["2008-03-24", "Easter Monday of an early Easter"],
    ["1981-04-20", "Easter Monday where the tables make an exception"],
    ["1954-04-16", "Good Friday where the tables make the other exception"],
    ["2023-05-01", "1 May"],
    ["2023-12-25", "Christmas"],
    ["2023-12-26", "the day after"],
    ["2023-03-18", "a Saturday"],
    ["2023-03-19", "a Sunday"],
  ])("is closed on %s: %s", (day) => {
    expect(isTargetDay(day)).toBe(false);
  });

  test.each([
    ["2023-07-14", "a holiday of France alone"],
    ["2023-05-08", "a holiday of France alone"],
    ["2023-05-18", "Ascension"],
    ["2023-04-06", "the Thursday before Easter"],
    ["2023-04-11", "the Tuesday after Easter"],
    ["2023-12-27", "after Christmas"],
    ["2023-01-02", "after New Year"],
  ])("is open on %s: %s", (day) => {
    expect(isTargetDay(day)).toBe(true);
  });
});

describe("the next TARGET day", () => {
  test.each([
    ["2023-03-13T10:00:00Z", "2023-03-14", "the next day"],
    ["2023-03-17T10:00:00Z", "2023-03-20", "over a weekend"],
    ["2023-04-06T10:00:00Z", "2023-04-11", "over Easter"],
    ["2021-12-24T10:00:00Z", "2021-12-27", "over Christmas on a weekend"],
    ["2023-12-22T10:00:00Z", "2023-12-27", "over Christmas beside a weekend"],
    ["2022-12-30T10:00:00Z", "2023-01-02", "over the end of the year"],
    ["2023-03-19T22:59:59Z", "2023-03-20", "before midnight in Paris"],
    ["2023-03-19T23:00:00Z", "2023-03-21", "from midnight in Paris on"],
  ])("after %s is %s: %s", (instant, day) => {
    expect(nextTargetDay(Date.parse(instant))).toBe(day);
  });

  it("is always open, and never the same day", () => {
    for (
      let ms = Date.parse("2022-01-01T12:00:00Z");
      ms < Date.parse("2026-01-01");
      ms += 86_400_000
    ) {
      const day = nextTargetDay(ms);
      expect(isTargetDay(day)).toBe(true);
      expect(day > new Date(ms).toISOString().slice(0, 10)).toBe(true);
    }
  });
});
