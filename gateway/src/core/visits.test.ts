// One card at one door within a minute is one visit (T-32).

import { describe, expect, it } from "vitest";
import { NOW_MS, ruleOf, saleCase } from "../../../tests/support/builders.js";
import { authorize } from "./authorize.js";
import type { Visit } from "./model.js";
import { isSameVisit, visitEffects } from "./visits.js";

const musee = ruleOf("MUSEE");
const ago = (ms: number, avantage = "MUSEE"): Visit => ({ avantage, atMs: NOW_MS - ms });
const same = (visits: readonly Visit[], rule = musee) =>
  isSameVisit(rule, saleCase({ visits }).snapshot, NOW_MS);

describe("a visit", () => {
  it.each([
    [0, true],
    [59_999, true],
    [60_000, false],
  ])("presented again after %i ms is the same: %s", (ms, expected) => {
    expect(same([ago(ms)])).toBe(expected);
  });

  it("is another where it is of another avantage, or where none was recorded", () => {
    expect(same([ago(1, "KIOSQUE")])).toBe(false);
    expect(same([])).toBe(false);
    expect(same([ago(1, "KIOSQUE"), ago(1)])).toBe(true);
  });

  it("is not looked for where the avantage has no visits", () => {
    expect(same([ago(1)], ruleOf("MUSEE", { sameVisitMs: null }))).toBe(false);
  });
});

describe("the record of a visit", () => {
  const recorded = {
    type: "recordVisit",
    accountId: "account-1",
    pointOfSaleId: "pos-1",
    avantage: "MUSEE",
  };

  it("is of the account, the door and the avantage", () => {
    expect(visitEffects(musee, saleCase().snapshot)).toEqual([recorded]);
  });

  it("is none without visits or without an account", () => {
    expect(visitEffects(ruleOf("MANUELS_GRATUITS"), saleCase().snapshot)).toEqual([]);
    expect(visitEffects(musee, saleCase({ card: null }).snapshot)).toEqual([]);
  });

  it("is made once for two presentations within a minute", () => {
    const first = authorize(saleCase({ avantage: "MUSEE" }));
    expect(first.code).toBe("APPROVED_RECORD");
    expect(first.effects).toContainEqual(recorded);
    const second = authorize(saleCase({ avantage: "MUSEE", visits: [ago(30_000)] }));
    expect([second.code, second.approved]).toEqual(["APPROVED_SAME_VISIT", true]);
    expect(second.effects.map(({ type }) => type)).toEqual(["advanceCardCounter", "markDecided"]);
  });

  it("is made again a minute later", () => {
    const later = authorize(saleCase({ avantage: "MUSEE", visits: [ago(60_000)] }));
    expect(later.code).toBe("APPROVED_RECORD");
    expect(later.effects).toContainEqual(recorded);
  });
});
