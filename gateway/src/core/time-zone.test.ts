// The machine's own time zone is of no account. It can be changed only in a process of its own, not in a thread.

import { afterEach, describe, expect, it } from "vitest";
import { grantOf, saleCase } from "../../../tests/support/builders.js";
import { windowOfDays, windowOfMonths } from "../catalogue/civil-dates.js";
import { authorize } from "./authorize.js";

/** Instants at which Paris, London, New York and Auckland do not all have the same day. */
const INSTANTS = [
  "2022-06-06T21:59:59Z",
  "2022-06-06T22:00:00Z",
  "2022-08-31T21:59:59Z",
  "2022-08-31T22:00:00Z",
  "2023-05-31T23:30:00Z",
  "2023-06-30T21:59:59Z",
  "2023-06-30T22:00:00Z",
].map((instant) => Date.parse(instant));

/** An aid loaded at noon in Paris on 29 February, good for 24 months. */
const permis = () => {
  const window = windowOfMonths(Date.parse("2024-02-29T11:00:00Z"), 24);
  return grantOf("PERMIS_B", { campaign: null, window });
};

const codes = () =>
  INSTANTS.flatMap((nowMs) =>
    ["MANUELS_CREDIT", "SPECTACLE"].map(
      (avantage) => authorize(saleCase({ avantage, nowMs })).code,
    ),
  );

describe("the machine's own time zone", () => {
  const before = process.env["TZ"];
  afterEach(() => {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  });

  it.each(["America/New_York", "Pacific/Auckland", "UTC"])("is of no account: %s", (zone) => {
    const loaded = permis();
    const decided = codes();
    process.env["TZ"] = zone;
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
    expect(permis()).toEqual(loaded);
    expect(windowOfDays("2022-06-07", "2023-05-31")).toMatchObject({
      fromMs: Date.parse("2022-06-06T22:00:00Z"),
      toMs: Date.parse("2023-05-31T22:00:00Z"),
    });
    expect(codes()).toEqual(decided);
    expect(new Set(decided).size).toBeGreaterThan(1);
  });
});
