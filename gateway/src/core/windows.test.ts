// Half-open windows: the first instant is in, the last one is out; two campaigns can be open at once.

import { describe, expect, it } from "vitest";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { campaignsOpenFor, windowState } from "./windows.js";

const [aCampaign] = TEST_PROGRAMME.campaigns;
if (!aCampaign) throw new Error("the test programme has no campaign");
const window = { fromMs: 100, toMs: 200, firstDay: "2022-06-07", lastDay: "2023-05-31" };

describe("a window", () => {
  it.each([
    [99, "notOpen"],
    [100, "open"],
    [199, "open"],
    [200, "closed"],
  ])("at %i of [100, 200) is %s", (nowMs, state) => {
    expect(windowState(window, nowMs)).toBe(state);
  });

  it("without a beginning is open since ever", () => {
    expect(windowState({ ...window, fromMs: null }, -1e15)).toBe("open");
  });
});

describe("the campaigns open for a family", () => {
  const openOn = (instant: string, family: "SCOLAIRE" | "CULTURE") =>
    campaignsOpenFor(TEST_PROGRAMME.campaigns, family, Date.parse(instant)).map(({ code }) => code);

  it("differ by family on one day", () => {
    expect(openOn("2022-06-15T10:00:00Z", "SCOLAIRE")).toEqual(["2022/2023"]);
    expect(openOn("2022-06-15T10:00:00Z", "CULTURE")).toEqual(["2021/2022"]);
  });

  it("can be none", () => {
    expect(openOn("2022-06-03T10:00:00Z", "SCOLAIRE")).toEqual([]);
    expect(openOn("2022-08-01T10:00:00Z", "CULTURE")).toEqual([]);
  });

  it("leave out a campaign without a window for the family", () => {
    const campaigns = [{ ...aCampaign, code: "A", windows: { SCOLAIRE: window } }];
    expect(campaignsOpenFor(campaigns, "CULTURE", 150)).toEqual([]);
    expect(campaignsOpenFor(campaigns, "SCOLAIRE", 150)).toEqual(campaigns);
  });
});
