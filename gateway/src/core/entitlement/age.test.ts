// Ages that are reckoned a second time: when they are other ages, and when nothing is kept of them.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../../tests/support/builders.js";
import { windowOfDays } from "../../catalogue/civil-dates.js";
import { keptAges, sameAges } from "./age.js";

const window = windowOfDays("2022-09-01", "2023-06-30");
const OPENS_MS = Date.parse("2022-08-31T22:00:00Z");
const CLOSES_MS = Date.parse("2023-06-30T22:00:00Z");
const NOW_MS = Date.parse("2022-10-15T10:00:00Z");
const DAY_MS = 86_400_000;

const aged = (fromMs: number, toMs: number) =>
  grantOf("APPRENTI_EQUIPEMENT", { window, ageWindow: { fromMs, toMs } });

describe("ages reckoned again", () => {
  it.each([
    ["begin on another day", OPENS_MS + DAY_MS, CLOSES_MS - DAY_MS],
    ["end on another day", OPENS_MS, CLOSES_MS - 2 * DAY_MS],
  ])("are others where they %s", (_what, fromMs, toMs) => {
    const before = aged(OPENS_MS, CLOSES_MS - DAY_MS);
    expect(sameAges(before, aged(fromMs, toMs), NOW_MS)).toBe(false);
    expect(sameAges(before, aged(OPENS_MS, CLOSES_MS - DAY_MS), NOW_MS)).toBe(true);
  });

  it("of a grant that asks for no age stay none (T-57)", () => {
    const ageless = grantOf("LIVRES_LOISIR", { window });
    expect(keptAges(ageless, NOW_MS)).toBeNull();
    expect(sameAges(ageless, ageless, NOW_MS)).toBe(true);
  });

  it("that fill the window are not kept (T-57)", () => {
    expect(keptAges(aged(OPENS_MS, CLOSES_MS), NOW_MS)).toBeNull();
    expect(keptAges(aged(OPENS_MS, CLOSES_MS - 1), NOW_MS)).toEqual({
      fromMs: OPENS_MS,
      toMs: CLOSES_MS - 1,
    });
  });
});
