// Which grant is drawn on, and what is said when there is none to draw on.

import { describe, expect, it } from "vitest";
import { grantOf, NOW_MS, ruleOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { availableUnits, chooseGrant } from "./grants.js";
import type { Grant, Window } from "./model.js";

const DAY_MS = 86_400_000;

/** A window of whole days around {@link NOW_MS}; its days are named by their distance from it. */
function windowAround(fromDays: number, toDays: number): Window {
  return {
    fromMs: NOW_MS + fromDays * DAY_MS,
    toMs: NOW_MS + toDays * DAY_MS,
    firstDay: `day ${fromDays}`,
    lastDay: `day ${toDays}`,
  };
}

const spectacle = (id: string, window: Window, change: Partial<Grant> = {}) =>
  grantOf("SPECTACLE", { id, window, ...change });

function choose(grants: readonly Grant[], nowMs = NOW_MS, code = "SPECTACLE") {
  const { campaigns } = TEST_PROGRAMME;
  return chooseGrant({ rule: ruleOf(code), grants, campaigns, nowMs });
}

const chosenId = (grants: readonly Grant[]) => {
  const chosen = choose(grants);
  return "grant" in chosen ? chosen.grant.id : chosen.refusal.code;
};

describe("of two open grants", () => {
  const ending = spectacle("ending", windowAround(-9, 2));
  const lasting = spectacle("lasting", windowAround(-5, 9));

  it.each([[[ending, lasting]], [[lasting, ending]]])(
    "the one that ends first is spent",
    (both) => {
      expect(chosenId(both)).toBe("ending");
    },
  );

  it("the one with something left is spent", () => {
    expect(chosenId([{ ...ending, spent: ending.amount }, lasting])).toBe("lasting");
  });

  it("the choice does not hang on the order in which they were read", () => {
    const twin = { ...ending, id: "ending too" };
    expect(chosenId([twin, ending])).toBe(chosenId([ending, twin]));
  });

  it("the first one speaks when nothing is left on either", () => {
    const spent = [lasting, ending].map((grant) => ({ ...grant, spent: grant.amount }));
    expect(chosenId(spent)).toBe("ending");
  });
});

describe("without an open grant", () => {
  const past = spectacle("past", windowAround(-9, -1));
  const future = spectacle("future", windowAround(3, 9));

  it("the one that opens next says from when", () => {
    const later = spectacle("later", windowAround(5, 9));
    expect(choose([later, past, future])).toEqual({
      refusal: { code: "WINDOW_NOT_OPEN", figures: { date: "day 3" } },
    });
  });

  it("a holder with nothing of the campaign that is open was not validated", () => {
    const older = grantOf("SPECTACLE", { campaign: "2021/2022" });
    expect(choose([older])).toEqual({ refusal: { code: "BENEFICIARY_NOT_VALIDATED" } });
    expect(choose([])).toEqual({ refusal: { code: "BENEFICIARY_NOT_VALIDATED" } });
  });

  it("a validated holder without this avantage was not granted it", () => {
    expect(choose([grantOf("EQUIPEMENT")])).toEqual({ refusal: { code: "AVANTAGE_NOT_GRANTED" } });
  });

  it("a validated holder's own older grant says until when it could be used", () => {
    expect(choose([past, grantOf("EQUIPEMENT")])).toEqual({
      refusal: { code: "WINDOW_CLOSED", figures: { date: "day -1" } },
    });
  });

  it("the last of several closed grants is the one that is named", () => {
    const oldest = spectacle("oldest", windowAround(-20, -15));
    expect(choose([past, oldest])).toMatchObject({ refusal: { figures: { date: "day -1" } } });
  });

  it("with no campaign open for the family nobody is told to be validated", () => {
    const august = Date.parse("2022-08-01T10:00:00Z");
    expect(choose([], august)).toEqual({ refusal: { code: "AVANTAGE_NOT_GRANTED" } });
  });

  it("an aid that belongs to no campaign expires, and never asks for a validation", () => {
    const permis = grantOf("PERMIS_B", { campaign: null, window: windowAround(-9, -1) });
    expect(choose([permis], NOW_MS, "PERMIS_B")).toEqual({
      refusal: { code: "GRANT_EXPIRED", figures: { date: "day -1" } },
    });
    expect(choose([], NOW_MS, "PERMIS_B")).toEqual({ refusal: { code: "AVANTAGE_NOT_GRANTED" } });
  });
});

describe("what is left on a grant", () => {
  it("is its amount less what was spent", () => {
    expect(availableUnits(ruleOf("SPECTACLE"), grantOf("SPECTACLE", { spent: 1200 }))).toBe(1800);
  });

  it("is nothing once a single use was made of it", () => {
    expect(availableUnits(ruleOf("LICENCE"), grantOf("LICENCE", { spent: 1 }))).toBe(0);
  });
});
