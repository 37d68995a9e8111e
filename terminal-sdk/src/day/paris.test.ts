import { describe, expect, it } from "vitest";
import { isDay, parisDay, parisTime, printedDay, shiftDay } from "./paris.js";

describe("a day in Paris", () => {
  it.each([
    ["in winter begins an hour before that of UTC", "2026-01-31T22:59:59.999Z", "2026-01-31"],
    ["in winter begins at 23:00 UTC", "2026-01-31T23:00:00Z", "2026-02-01"],
    ["in summer begins at 22:00 UTC", "2026-08-31T22:00:00Z", "2026-09-01"],
    ["has 23 hours when summer time begins", "2026-03-29T21:59:59Z", "2026-03-29"],
    ["has 25 hours when summer time ends", "2026-10-25T22:59:59Z", "2026-10-25"],
  ])("%s", (_case, instant, day) => {
    expect(parisDay(Date.parse(instant))).toBe(day);
  });

  it("is printed as in French, with the time", () => {
    expect(parisTime(Date.parse("2026-08-31T22:05:00Z"))).toBe("01/09/2026 00:05");
    expect(printedDay("2026-09-01")).toBe("01/09/2026");
  });

  it.each(["2026-02-30", "2026-13-01", "1/9/2026", "2026-9-1", ""])("is not %j", (text) => {
    expect(isDay(text)).toBe(false);
  });

  it("has others before and after it, also across the change of the hour", () => {
    expect(isDay("2028-02-29")).toBe(true);
    expect(shiftDay("2026-03-29", 1)).toBe("2026-03-30");
    expect(shiftDay("2026-10-26", -1)).toBe("2026-10-25");
    expect(shiftDay("2026-01-01", -1)).toBe("2025-12-31");
  });
});
