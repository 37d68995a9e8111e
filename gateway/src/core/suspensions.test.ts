// A suspension reaches the avantages and the campaign that it names, and nothing else (T-40).

import { describe, expect, it } from "vitest";
import { NOW_MS, ruleOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import type { Suspension } from "./model.js";
import { isSuspended } from "./suspensions.js";

const { campaigns } = TEST_PROGRAMME;
const CAMPAIGN = "2022/2023";

function suspended(
  avantage: string,
  suspension: Partial<Suspension>,
  at: { campaign?: string | null; nowMs?: number } = {},
): boolean {
  const { campaign = CAMPAIGN, nowMs = NOW_MS } = at;
  return isSuspended({
    rule: ruleOf(avantage),
    grant: { campaign },
    suspensions: [{ id: "s-1", campaign: CAMPAIGN, avantages: "ALL", ...suspension }],
    campaigns,
    nowMs,
  });
}

describe("a suspension", () => {
  it.each([...TEST_PROGRAMME.avantages.keys()])("of everything and %s", (avantage) => {
    const beside = ["MANUELS_GRATUITS", "BON_PLAN"];
    expect(suspended(avantage, {})).toBe(!beside.includes(avantage));
  });

  it("of a list is of what it names, an everyday use too", () => {
    const avantages = ["CINEMA", "MANUELS_GRATUITS"];
    expect(suspended("CINEMA", { avantages })).toBe(true);
    expect(suspended("MANUELS_GRATUITS", { avantages })).toBe(true);
    expect(suspended("SPECTACLE", { avantages })).toBe(false);
  });

  it("of one campaign leaves the grants of another free, in the June of two campaigns too", () => {
    const nowMs = Date.parse("2022-06-15T10:00:00Z");
    expect(suspended("SPECTACLE", { campaign: "2021/2022" }, { nowMs })).toBe(false);
    expect(
      suspended("SPECTACLE", { campaign: "2021/2022" }, { campaign: "2021/2022", nowMs }),
    ).toBe(true);
  });

  it("of a grant ends with the grant's own window, not here", () => {
    const nowMs = Date.parse("2030-01-01T00:00:00Z");
    expect(suspended("SPECTACLE", {}, { nowMs })).toBe(true);
  });

  it.each([
    ["until the named campaign has wholly ended", "2023-06-30T21:59:59.999Z", true],
    ["and not from its end on", "2023-06-30T22:00:00Z", false],
  ])("of an aid that belongs to no campaign holds %s", (_what, instant, expected) => {
    const at = { campaign: null, nowMs: Date.parse(instant) };
    expect(suspended("PERMIS_B", {}, at)).toBe(expected);
  });

  it("of a campaign that the programme does not have suspends no aid of its own", () => {
    expect(suspended("PERMIS_B", { campaign: "1999/2000" }, { campaign: null })).toBe(false);
  });

  it("of everything is of an avantage without grants too", () => {
    const rule = ruleOf("BON_PLAN", { outsideSuspension: false });
    const of = (suspensions: readonly Suspension[]) =>
      isSuspended({ rule, grant: null, suspensions, campaigns, nowMs: NOW_MS });
    expect(of([{ id: "s-1", campaign: CAMPAIGN, avantages: "ALL" }])).toBe(true);
    expect(of([{ id: "s-1", campaign: CAMPAIGN, avantages: ["CINEMA"] }])).toBe(false);
    expect(of([])).toBe(false);
  });

  it("counts though another one does not", () => {
    const suspensions: Suspension[] = [
      { id: "s-1", campaign: CAMPAIGN, avantages: ["MUSEE"] },
      { id: "s-2", campaign: CAMPAIGN, avantages: ["CINEMA"] },
    ];
    const grant = { campaign: CAMPAIGN };
    const rule = ruleOf("CINEMA");
    expect(isSuspended({ rule, grant, suspensions, campaigns, nowMs: NOW_MS })).toBe(true);
  });
});
