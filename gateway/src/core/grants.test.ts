// Which grant is drawn on, and what is said when there is none to draw on.

import { describe, expect, it, test } from "vitest";
import { aPartner, grantOf, NOW_MS, ruleOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { BugError } from "./assert.js";
import {
  availableUnits,
  type ChoiceInput,
  chooseGrant,
  isRecordOnly,
  ownGrants,
} from "./grants.js";
import type { Grant, Hold, Suspension } from "./model.js";
import type { AvantageRule, Window } from "./programme.js";

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

interface Holding {
  readonly grants: readonly Grant[];
  readonly code?: string;
  readonly rule?: Partial<AvantageRule>;
  readonly nowMs?: number;
  readonly suspensions?: readonly Suspension[];
  readonly holds?: readonly Hold[];
  readonly graceCampaigns?: readonly string[] | null;
}

function choiceInput(holding: Holding): ChoiceInput {
  const { grants, code = "SPECTACLE", nowMs = NOW_MS } = holding;
  const { suspensions = [], holds = [], graceCampaigns = null } = holding;
  return {
    rule: ruleOf(code, holding.rule),
    snapshot: { grants, holds, suspensions },
    partner: aPartner(),
    graceCampaigns,
    programme: TEST_PROGRAMME,
    nowMs,
  };
}

const choose = (holding: Holding) => chooseGrant(choiceInput(holding));

const chosenId = (grants: readonly Grant[], more: Partial<Holding> = {}) => {
  const chosen = choose({ grants, ...more });
  return "grant" in chosen ? chosen.grant?.id : chosen.refusal.code;
};

const everything = (campaign = "2022/2023"): Suspension => ({
  id: "s-1",
  campaign,
  avantages: "ALL",
});

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
    expect(chosenId([twin, ending])).toBe("ending");
    expect(chosenId([ending, twin])).toBe("ending");
  });

  it("the first one speaks when nothing is left on either", () => {
    const spent = [lasting, ending].map((grant) => ({ ...grant, spent: grant.amount }));
    expect(chosenId(spent)).toBe("ending");
  });

  it.each<[string, Partial<Grant>]>([
    ["was revoked", { revoked: true }],
    ["is for another age", { ageWindow: { fromMs: 0, toMs: 1 } }],
    ["is of a suspended campaign", { campaign: "2021/2022" }],
  ])("one that %s stands back", (_what, change) => {
    const suspensions = [everything("2021/2022")];
    expect(chosenId([{ ...ending, ...change }, lasting], { suspensions })).toBe("lasting");
  });

  it("one that the ended convention does not carry stands back (T-05)", () => {
    const old = { ...lasting, campaign: "2021/2022" };
    expect(chosenId([ending, old], { graceCampaigns: ["2021/2022"] })).toBe("lasting");
  });
});

describe("an open grant that cannot be used", () => {
  const open = grantOf("SPECTACLE");
  const tooYoung = { ageWindow: { fromMs: NOW_MS + 1, toMs: NOW_MS + 2 } };
  const graceCampaigns = ["2021/2022"];
  const suspensions = [everything()];

  it.each<[string, Partial<Grant>, Partial<Holding>, object]>([
    ["for its age", tooYoung, {}, { code: "AGE_NOT_ELIGIBLE" }],
    ["for a suspension", {}, { suspensions }, { code: "AVANTAGE_SUSPENDED" }],
    [
      "for its campaign, which the ended convention does not carry",
      {},
      { graceCampaigns },
      { code: "CONVENTION_NOT_IN_FORCE", reason: "EXPIRED" },
    ],
    ["for age and suspension", tooYoung, { suspensions }, { code: "AGE_NOT_ELIGIBLE" }],
    [
      "for suspension and convention",
      {},
      { suspensions, graceCampaigns },
      { code: "AVANTAGE_SUSPENDED" },
    ],
  ])("is refused %s", (_why, change, more, refusal) => {
    expect(choose({ grants: [{ ...open, ...change }], ...more })).toEqual({ refusal });
  });

  it("of several, that which came furthest gives the reason", () => {
    const young = { ...open, ...tooYoung, id: "young" };
    expect(chosenId([young, open], { suspensions })).toBe("AVANTAGE_SUSPENDED");
    const old = { ...open, id: "old", campaign: "2021/2022" };
    const both = { suspensions: [everything("2021/2022")], graceCampaigns };
    expect(chosenId([old, open], both)).toBe("CONVENTION_NOT_IN_FORCE");
  });

  it("of no campaign is not carried by an ended convention", () => {
    const permis = grantOf("PERMIS_B", { campaign: null, window: windowAround(-9, 9) });
    expect(chosenId([permis], { code: "PERMIS_B" })).toBe(permis.id);
    expect(chosenId([permis], { code: "PERMIS_B", graceCampaigns })).toBe(
      "CONVENTION_NOT_IN_FORCE",
    );
  });
});

describe("the age that an avantage asks for", () => {
  const aged = (fromMs: number, toMs: number) =>
    chosenId([grantOf("APPRENTI_EQUIPEMENT", { id: "aged", ageWindow: { fromMs, toMs } })], {
      code: "APPRENTI_EQUIPEMENT",
    });

  it("is had from the first instant to the last", () => {
    expect(aged(NOW_MS, NOW_MS + 1)).toBe("aged");
    expect(aged(NOW_MS + 1, NOW_MS + 2)).toBe("AGE_NOT_ELIGIBLE");
    expect(aged(NOW_MS - 1, NOW_MS)).toBe("AGE_NOT_ELIGIBLE");
  });
});

describe("without an open grant", () => {
  const past = spectacle("past", windowAround(-9, -1));
  const future = spectacle("future", windowAround(3, 9));

  it("the one that opens next says from when", () => {
    const later = spectacle("later", windowAround(5, 9));
    expect(choose({ grants: [later, past, future] })).toEqual({
      refusal: { code: "WINDOW_NOT_OPEN", figures: { date: "day 3" } },
    });
  });

  it("of two yet to open, the one that opens first is named, though it ends last", () => {
    const short = spectacle("short", windowAround(5, 6));
    const long = spectacle("long", windowAround(3, 20));
    for (const grants of [
      [short, long],
      [long, short],
    ]) {
      expect(choose({ grants })).toMatchObject({ refusal: { figures: { date: "day 3" } } });
    }
  });

  it("one of two campaigns that are open at once is enough to be validated", () => {
    const { campaigns, ...rest } = TEST_PROGRAMME;
    const twins = campaigns.flatMap((campaign) => [campaign, { ...campaign, code: "TWIN" }]);
    const input = choiceInput({ grants: [grantOf("CINEMA")] });
    expect(chooseGrant({ ...input, programme: { ...rest, campaigns: twins } })).toEqual({
      refusal: { code: "AVANTAGE_NOT_GRANTED" },
    });
  });

  it("one that is suspended does not say when it would open", () => {
    const suspensions = [everything()];
    expect(choose({ grants: [future], suspensions })).toEqual({
      refusal: { code: "AVANTAGE_SUSPENDED" },
    });
  });

  it("a holder with nothing of the campaign that is open was not validated", () => {
    const older = grantOf("SPECTACLE", { campaign: "2021/2022" });
    expect(choose({ grants: [older] })).toEqual({ refusal: { code: "BENEFICIARY_NOT_VALIDATED" } });
    expect(choose({ grants: [] })).toEqual({ refusal: { code: "BENEFICIARY_NOT_VALIDATED" } });
  });

  it("a holder whose grants of the campaign were all revoked is not validated any more", () => {
    const grants = [grantOf("SPECTACLE", { revoked: true }), grantOf("CINEMA", { revoked: true })];
    expect(chosenId(grants)).toBe("BENEFICIARY_NOT_VALIDATED");
  });

  it("a holder of whose grants this one was revoked is not granted it", () => {
    expect(chosenId([grantOf("SPECTACLE", { revoked: true }), grantOf("CINEMA")])).toBe(
      "AVANTAGE_NOT_GRANTED",
    );
  });

  it("a validated holder without this avantage was not granted it", () => {
    expect(choose({ grants: [grantOf("EQUIPEMENT")] })).toEqual({
      refusal: { code: "AVANTAGE_NOT_GRANTED" },
    });
  });

  it("a validated holder's own older grant says until when it could be used", () => {
    expect(choose({ grants: [past, grantOf("EQUIPEMENT")] })).toEqual({
      refusal: { code: "WINDOW_CLOSED", figures: { date: "day -1" } },
    });
  });

  it("the last of several closed grants is the one that is named", () => {
    const oldest = spectacle("oldest", windowAround(-20, -15));
    expect(choose({ grants: [past, oldest] })).toMatchObject({
      refusal: { figures: { date: "day -1" } },
    });
  });

  it("with no campaign open for the family nobody is told to be validated", () => {
    const nowMs = Date.parse("2022-08-01T10:00:00Z");
    expect(choose({ grants: [], nowMs })).toEqual({ refusal: { code: "AVANTAGE_NOT_GRANTED" } });
  });

  it("an aid that belongs to no campaign expires, and never asks for a validation", () => {
    const permis = grantOf("PERMIS_B", { campaign: null, window: windowAround(-9, -1) });
    expect(choose({ grants: [permis], code: "PERMIS_B" })).toEqual({
      refusal: { code: "GRANT_EXPIRED", figures: { date: "day -1" } },
    });
    expect(choose({ grants: [], code: "PERMIS_B" })).toEqual({
      refusal: { code: "AVANTAGE_NOT_GRANTED" },
    });
  });
});

describe("an avantage without grants", () => {
  const holding = { grants: [], code: "BON_PLAN" };
  const everyday = { ...holding, rule: { outsideSuspension: false } };

  it("is drawn on nothing, validated or not", () => {
    expect(choose(holding)).toEqual({ grant: null });
  });

  it("is suspended with everything else, and then whatever the convention", () => {
    const suspensions = [everything()];
    const refusal = { code: "AVANTAGE_SUSPENDED" };
    expect(choose({ ...everyday, suspensions })).toEqual({ refusal });
    expect(choose({ ...everyday, suspensions, graceCampaigns: [] })).toEqual({ refusal });
    expect(choose({ ...holding, suspensions })).toEqual({ grant: null });
  });

  it("is not carried by a convention that has ended", () => {
    expect(choose({ ...holding, graceCampaigns: ["2021/2022"] })).toEqual({
      refusal: { code: "CONVENTION_NOT_IN_FORCE", reason: "EXPIRED" },
    });
  });
});

test("a grant in another unit than its avantage is a bug, not a debit", () => {
  const grants = [grantOf("SPECTACLE", { unit: "SEAT" })];
  expect(() => ownGrants(choiceInput({ grants }))).toThrow(BugError);
  expect(() => ownGrants(choiceInput({ grants: [grantOf("CINEMA"), ...grants] }))).toThrow(
    "a grant is in its avantage's unit",
  );
});

describe("what is left on a grant", () => {
  const anywhere = { flags: [] };
  const left = (code: string, change: Partial<Grant>, flags: readonly string[] = []) =>
    availableUnits(ruleOf(code), grantOf(code, change), { flags }, 0);

  it("is its amount less what was spent", () => {
    expect(left("SPECTACLE", { spent: 1200 })).toBe(1800);
  });

  it("is nothing once a single use was made of it", () => {
    expect(left("LICENCE", { spent: 1 })).toBe(0);
    expect(availableUnits(ruleOf("LICENCE"), grantOf("LICENCE"), anywhere, 0)).toBe(3000);
  });

  it("is less by what is held of it, and nothing while a single use is held", () => {
    const held = (code: string, units: number) =>
      availableUnits(ruleOf(code), grantOf(code, { spent: 0 }), anywhere, units);
    expect([held("SPECTACLE", 1200), held("SPECTACLE", 3000)]).toEqual([1800, 0]);
    expect(held("LICENCE", 1)).toBe(0);
  });

  it("is more at a partner that carries the supplement's flag, and there alone (T-23)", () => {
    const supplement = { amount: 3_000, partnerFlag: "combatSport" };
    expect(left("LICENCE", { supplement }, ["achatGroupe", "combatSport"])).toBe(6_000);
    expect(left("LICENCE", { supplement }, ["achatGroupe"])).toBe(3_000);
    expect(left("LICENCE", {}, ["combatSport"])).toBe(3_000);
  });

  it("is never below nothing, where the supplement was drawn on elsewhere", () => {
    const supplement = { amount: 3_000, partnerFlag: "combatSport" };
    expect(left("SPECTACLE", { supplement, spent: 4_500 })).toBe(0);
    expect(left("SPECTACLE", { supplement, spent: 4_500 }, ["combatSport"])).toBe(1_500);
  });
});

test.each([
  ["MUSEE", true],
  ["MANUELS_GRATUITS", true],
  ["BON_PLAN", true],
  ["SPECTACLE", false],
  ["CINEMA", false],
  ["SANTE_COUPON", false],
])("%s is a record alone: %s", (code, expected) => {
  expect(isRecordOnly(ruleOf(code))).toBe(expected);
});
