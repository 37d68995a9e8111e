import { describe, expect, it } from "vitest";
import { createCutoffs, daysToInstants, schoolYearOf } from "./calendar.js";

const SUNDAY = 7;
const at = (text: string) => Date.parse(text);
const HOUR_MS = 3_600_000;

describe("the cut-off of a week that ends on Sunday", () => {
  const cutoffs = createCutoffs(SUNDAY);

  it.each([
    ["an ordinary Monday's first instant", "2023-03-12T23:00:00Z", "2023-03-19T23:00:00Z"],
    ["a Sunday's last instant", "2023-03-19T22:59:59.999Z", "2023-03-19T23:00:00Z"],
    ["the Sunday on which summer time begins", "2023-03-26T03:00:00Z", "2023-03-26T22:00:00Z"],
    ["the Sunday on which it ends", "2023-10-29T03:00:00Z", "2023-10-29T23:00:00Z"],
    ["New Year's Day, a Sunday", "2023-01-01T12:00:00Z", "2023-01-01T23:00:00Z"],
  ])("closes the period of %s", (_, instant, end) => {
    expect(new Date(cutoffs.endAfter(at(instant)))).toEqual(new Date(end));
  });

  it("is of the next period from its very instant on", () => {
    const end = cutoffs.endAfter(at("2023-03-15T10:00:00Z"));
    expect(cutoffs.endAfter(end - 1)).toBe(end);
    expect(cutoffs.endAfter(end)).toBe(end + 7 * 24 * HOUR_MS - HOUR_MS);
  });

  it("is named by its last day, and by no other", () => {
    const cutoffMs = at("2023-03-19T23:00:00Z");
    expect(cutoffs.periodEndingOn("2023-03-19")).toEqual({ lastDay: "2023-03-19", cutoffMs });
    for (const day of ["2023-03-20", "2023-02-30", "2023-3-19", "", "2023-03-19T00:00"]) {
      expect(cutoffs.periodEndingOn(day)).toBeNull();
    }
  });

  it("is over from its very instant on", () => {
    const cutoffMs = at("2023-03-19T23:00:00Z");
    expect(cutoffs.lastClosed(cutoffMs - 1).lastDay).toBe("2023-03-12");
    expect(cutoffs.lastClosed(cutoffMs)).toEqual({ lastDay: "2023-03-19", cutoffMs });
  });
});

it.each([1, 2, 3, 4, 5, 6, 7])("a week can end on day %i", (lastWeekday) => {
  const cutoffs = createCutoffs(lastWeekday);
  const now = at("2023-03-15T10:00:00Z");
  const { lastDay, cutoffMs } = cutoffs.lastClosed(now);
  expect(new Date(`${lastDay}T12:00:00Z`).getUTCDay()).toBe(lastWeekday % 7);
  expect(cutoffMs).toBeLessThanOrEqual(now);
  expect(cutoffs.endAfter(now)).toBeGreaterThan(now);
  expect(cutoffs.endAfter(cutoffMs)).toBe(cutoffs.endAfter(now));
});

it.each([
  ["2022-08-31T21:59:59.999Z", "2021/2022"],
  ["2022-08-31T22:00:00Z", "2022/2023"],
  ["2022-12-31T23:30:00Z", "2022/2023"],
  ["2023-08-31T21:59:59.999Z", "2022/2023"],
])("the school year of %s is %s", (instant, schoolYear) => {
  expect(schoolYearOf(at(instant))).toBe(schoolYear);
});

it("days become the instants from the first one's beginning to the last one's end", () => {
  expect(daysToInstants({ firstDay: "2023-03-25", lastDay: "2023-03-26" })).toEqual({
    fromMs: at("2023-03-24T23:00:00Z"),
    toMs: at("2023-03-26T22:00:00Z"),
  });
  expect(daysToInstants({ firstDay: "2023-03-26", lastDay: "2023-03-25" })).toBeNull();
  expect(daysToInstants({ firstDay: "2023-03-26", lastDay: "2023-04-31" })).toBeNull();
});
