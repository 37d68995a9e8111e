// Data that is well formed and does not fit together is refused, each misfit with its place and its reason.

import { describe, expect, it } from "vitest";
import { catalogueData } from "../../../tests/support/programme.js";
import { misfitsOf } from "./consistency.js";
import type { AvantageRuleData, CampaignRuleData, CheckedProgrammeData } from "./schema.js";

type Change = (data: CheckedProgrammeData) => void;

const invented = "For a test.";

function misfitsAfter(change: Change) {
  const data = catalogueData();
  change(data);
  return misfitsOf(data);
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`the catalogue has no item ${index}`);
  return item;
}

const avantageIndex = (code: string) =>
  catalogueData().avantages.findIndex((avantage) => avantage.code === code);

/** Adds a rule to an avantage, and gives the place where it stands then. */
const adding = (code: string, rule: AvantageRuleData): Change => {
  return ({ avantages }) => void at(avantages, avantageIndex(code)).rules.push(rule);
};
const placeAfterRules = (code: string) => {
  const index = avantageIndex(code);
  return ["avantages", index, "rules", at(catalogueData().avantages, index).rules.length];
};
/** Takes the rules of a kind from an avantage. */
const without = (code: string, kind: AvantageRuleData["kind"]): Change => {
  return ({ avantages }) => {
    const avantage = at(avantages, avantageIndex(code));
    avantage.rules = avantage.rules.filter((rule) => rule.kind !== kind);
  };
};
const addingToCampaign = (rule: CampaignRuleData): Change => {
  return ({ campaigns }) => void at(campaigns, 1).rules.push(rule);
};
const CAMPAIGN_RULES = at(catalogueData().campaigns, 1).rules.length;

it("the checked-in catalogue fits together", () => {
  expect(misfitsOf(catalogueData())).toEqual([]);
});

describe("what is defined twice", () => {
  it.each([
    ["campaigns", "2021/2022"],
    ["avantages", "MANUELS_GRATUITS"],
    ["formations", "BACPRO_METIERS_DU_BOIS"],
    ["generations", "SDM-1"],
  ] as const)("in %s is refused", (list, code) => {
    const index = catalogueData()[list].length;
    const misfits = misfitsAfter((data) => {
      const items: { code: string }[] = data[list];
      items.push({ ...at(items, 0) });
    });
    expect(misfits).toContainEqual({
      path: [list, index, "code"],
      reason: `${code} is defined twice`,
    });
  });

  it("as a rule's id is refused, in another avantage or campaign too", () => {
    const id = "CINEMA/copay";
    const rule = { id, kind: "partner", type: "CINEMA", invented } as const;
    expect(misfitsAfter(adding("MUSEE", rule))).toEqual([
      { path: [...placeAfterRules("MUSEE"), "id"], reason: `rule ${id} is defined twice` },
    ]);
    const orders = { id: "2021_2022/SCOLAIRE", kind: "ordersFrom", day: "2022-06-07" } as const;
    const twice = misfitsAfter(({ campaigns }) => {
      at(campaigns, 0).rules.push({ ...orders, invented });
    });
    expect(twice).toEqual([
      { path: ["campaigns", 0, "rules", 5, "id"], reason: `rule ${orders.id} is defined twice` },
    ]);
  });
});

describe("a campaign", () => {
  const window = { kind: "window", family: "SPORT", invented } as const;

  it.each<[string, CampaignRuleData, string]>([
    [
      "a second window of a family",
      { ...window, id: "X", firstDay: null, lastDay: "2023-01-01" },
      "a second window of SPORT in campaign 2022/2023",
    ],
    [
      "a second day for orders",
      { id: "X", kind: "ordersFrom", day: "2022-06-08", invented },
      "a second ordersFrom in campaign 2022/2023",
    ],
  ])("with %s is refused", (_what, rule, reason) => {
    expect(misfitsAfter(addingToCampaign(rule))).toEqual([
      { path: ["campaigns", 1, "rules", CAMPAIGN_RULES], reason },
    ]);
  });

  it.each([
    ["2022-09-01", "2022-09-01", []],
    ["2022-09-02", "2022-09-01", ["the window ends on 2022-09-01, before it begins on 2022-09-02"]],
    [null, "2022-09-01", []],
  ])("whose window runs from %s to %s: %j", (firstDay, lastDay, reasons) => {
    const misfits = misfitsAfter(({ campaigns }) => {
      const rules: CampaignRuleData[] = [{ ...window, id: "X", firstDay, lastDay }];
      at(campaigns, 1).rules = rules;
    });
    const path = ["campaigns", 1, "rules", 0, "lastDay"];
    expect(misfits).toEqual(reasons.map((reason) => ({ path, reason })));
  });

  it("whose grace ends before the conventions that it is for is refused", () => {
    const grace = { id: "X", kind: "conventionGrace", endedOn: "2023-05-31", invented } as const;
    const until = (untilDay: string) => misfitsAfter(addingToCampaign({ ...grace, untilDay }));
    expect(until("2023-06-01")).toEqual([]);
    expect(until("2023-05-31")).toEqual([
      {
        path: ["campaigns", 1, "rules", CAMPAIGN_RULES, "untilDay"],
        reason: "the grace ends on 2023-05-31, with the conventions of 2023-05-31",
      },
    ]);
  });

  it("without a window is refused", () => {
    const misfits = misfitsAfter(({ campaigns }) => {
      at(campaigns, 1).rules = at(campaigns, 1).rules.filter(({ kind }) => kind !== "window");
    });
    expect(misfits).toEqual([
      { path: ["campaigns", 1], reason: "campaign 2022/2023 has no window" },
    ]);
  });
});

describe("an avantage", () => {
  const rule = <T extends AvantageRuleData["kind"]>(kind: T) => ({ id: "X", kind, invented });
  const WINDOWS = "needs exactly one of window, ownWindow and withoutGrant";

  it.each<[string, string, Change, string]>([
    ["no window", "CINEMA", without("CINEMA", "window"), WINDOWS],
    [
      "two kinds of window",
      "CINEMA",
      adding("CINEMA", { ...rule("ownWindow"), months: 24 }),
      WINDOWS,
    ],
    [
      "neither grant nor record",
      "CINEMA",
      adding("CINEMA", rule("withoutGrant")),
      "only a RECORD can do without a grant",
    ],
    [
      "a declared value in euros",
      "SPECTACLE",
      adding("SPECTACLE", rule("declaredValue")),
      "only a RECORD can declare a value",
    ],
    [
      "visits of a record",
      "MANUELS_GRATUITS",
      adding("MANUELS_GRATUITS", { ...rule("sameVisit"), seconds: 60 }),
      "only UNLIMITED has visits",
    ],
    [
      "a share of a coupon",
      "SANTE_COUPON",
      adding("SANTE_COUPON", { ...rule("copay"), centsPerUnit: 100 }),
      "only a SEAT has a share to pay for each",
    ],
    [
      "a number of euros",
      "SPECTACLE",
      adding("SPECTACLE", { ...rule("unitsPerSaleMax"), units: 2 }),
      "only SEAT and COUPON are counted",
    ],
    [
      "a ceiling in euros on seats",
      "CINEMA",
      adding("CINEMA", { ...rule("purchaseMax"), cents: 100 }),
      "only EUR_CENT has a purchase",
    ],
    [
      "a single use of seats",
      "CINEMA",
      adding("CINEMA", rule("singleUse")),
      "only EUR_CENT can be of single use",
    ],
    [
      "seats by formation",
      "CINEMA",
      adding("CINEMA", {
        ...rule("grantByFormation"),
        when: {},
        totalCentsMin: 1,
        totalCentsMax: 99_999,
      }),
      "a formation gives euros",
    ],
  ])("with %s is refused", (_what, code, change, reason) => {
    expect(misfitsAfter(change)).toContainEqual({
      path: ["avantages", avantageIndex(code)],
      reason: `${code} ${reason}`,
    });
  });

  it.each<[string, string, AvantageRuleData]>([
    ["a number of seats in a sale", "CINEMA", { ...rule("unitsPerSaleMax"), units: 2 }],
    ["a number of coupons in a sale", "SANTE_COUPON", { ...rule("unitsPerSaleMax"), units: 2 }],
    ["a ceiling in euros", "SPECTACLE", { ...rule("purchaseMax"), cents: 100 }],
    ["one more kind of partner", "CINEMA", { ...rule("partner"), type: "EVENT" }],
    ["one more grant", "CINEMA", { ...rule("grant"), amount: 6, when: {} }],
  ])("with %s is fine", (_what, code, added) => {
    expect(misfitsAfter(adding(code, added))).toEqual([]);
  });

  it("with a rule of one kind twice is refused where it stands", () => {
    const change = adding("CINEMA", { ...rule("copay"), centsPerUnit: 200 });
    expect(misfitsAfter(change)).toEqual([
      { path: placeAfterRules("CINEMA"), reason: "a second copay in CINEMA" },
    ]);
  });

  it.each<[string, string, AvantageRuleData]>([
    ["by tariff without one", "MUSEE", { ...rule("reimbursed"), by: "tariff" }],
    [
      "otherwise with a tariff",
      "MUSEE",
      { ...rule("reimbursed"), by: "convention", tariffCentsPerUnit: 5 },
    ],
  ])("that is reimbursed %s is refused", (_what, code, added) => {
    const change: Change = (data) => {
      without(code, "reimbursed")(data);
      adding(code, added)(data);
    };
    expect(misfitsAfter(change)).toEqual([
      {
        path: ["avantages", avantageIndex(code)],
        reason: `${code} is reimbursed by a tariff with one, and by anything else without`,
      },
    ]);
  });

  it("that counts no euros is not reimbursed by what was debited", () => {
    const change: Change = (data) => {
      without("MUSEE", "reimbursed")(data);
      adding("MUSEE", { ...rule("reimbursed"), by: "debit" })(data);
    };
    expect(misfitsAfter(change)).toEqual([
      {
        path: ["avantages", avantageIndex("MUSEE")],
        reason: "MUSEE is reimbursed by what was debited, which is money for EUR_CENT alone",
      },
    ]);
  });

  it("that is not reimbursed has nothing that papers could hold", () => {
    const held = { ...rule("heldForPapers") } as const;
    expect(misfitsAfter(adding("BON_PLAN", held))).toEqual([
      {
        path: ["avantages", avantageIndex("BON_PLAN")],
        reason: "BON_PLAN is not reimbursed, so no papers can hold it",
      },
    ]);
    for (const code of ["LICENCE", "CINEMA", "MUSEE"]) {
      expect(misfitsAfter(adding(code, held)), code).toEqual([]);
    }
  });

  it.each([
    [14, 14, []],
    [15, 14, ["the age ends before it begins"]],
  ])("for an age from %i to %i: %j", (fromYears, toYears, reasons) => {
    const change = adding("CINEMA", { ...rule("age"), fromYears, toYears });
    const path = [...placeAfterRules("CINEMA"), "toYears"];
    expect(misfitsAfter(change)).toEqual(reasons.map((reason) => ({ path, reason })));
  });
});

describe("a word that is not in the vocabulary", () => {
  const base = { id: "X", invented } as const;
  const grant = { ...base, kind: "grant", amount: 1 } as const;
  const byFormation = {
    ...base,
    kind: "grantByFormation",
    totalCentsMin: 1,
    totalCentsMax: 99_999,
  } as const;

  it.each<[string, AvantageRuleData]>([
    ["type", { ...base, kind: "partner", type: "KIOSK" }],
    ["flag", { ...base, kind: "partner", type: "CINEMA", flag: "KIOSK" }],
    ["onlyAt", { ...grant, when: {}, onlyAt: "KIOSK" }],
    ["when", { ...grant, when: { status: ["LYCEEN", "KIOSK"] } }],
    ["when", { ...grant, when: { level: ["KIOSK"] } }],
    ["when", { ...grant, when: { track: ["KIOSK"] } }],
    ["when", { ...grant, when: { flags: ["KIOSK"] } }],
    ["when", { ...grant, when: { commitment: ["KIOSK"] } }],
    ["when", { ...grant, when: { proofs: ["KIOSK"] } }],
  ])("as %s is refused: %o", (key, rule) => {
    expect(misfitsAfter(adding("CINEMA", rule))).toEqual([
      { path: [...placeAfterRules("CINEMA"), key], reason: "KIOSK is not in the vocabulary" },
    ]);
  });

  it("is refused in a rule by formation too", () => {
    const change: Change = (data) => {
      without("EQUIPEMENT", "grantByFormation")(data);
      adding("EQUIPEMENT", { ...byFormation, when: { status: ["KIOSK"] } })(data);
    };
    expect(misfitsAfter(change).map(({ reason }) => reason)).toEqual([
      "KIOSK is not in the vocabulary",
    ]);
  });

  it("is refused as the level of a versement", () => {
    const misfits = misfitsAfter(({ formations }) => {
      at(at(formations, 0).versements, 1).level = "KIOSK";
    });
    expect(misfits).toEqual([
      {
        path: ["formations", 0, "versements", 1, "level"],
        reason: "KIOSK is not in the vocabulary",
      },
    ]);
  });
});

describe("a formation", () => {
  it("whose versements are not numbered from one is refused", () => {
    const misfits = misfitsAfter(({ formations }) => {
      at(at(formations, 0).versements, 1).no = 1;
    });
    expect(misfits).toEqual([
      { path: ["formations", 0, "versements", 1, "no"], reason: "must be 2" },
    ]);
  });

  it.each([
    [2_500, 2_500, true],
    [2_500, 2_499, false],
    [25_000, 25_000, true],
    [25_000, 25_001, false],
  ])("that gives %i and %i cents is within 50 to 500 €: %s", (first, second, fits) => {
    const misfits = misfitsAfter(({ formations }) => {
      const { versements } = at(formations, 0);
      at(versements, 0).amountCents = first;
      at(versements, 1).amountCents = second;
    });
    const total = first + second;
    const reason = `BACPRO_METIERS_DU_BOIS gives ${total} cents in all; EQUIPEMENT/formation allows 5000 to 50000`;
    expect(misfits).toEqual(fits ? [] : [{ path: ["formations", 0], reason }]);
  });
});

describe("a generation's ceilings", () => {
  it.each([
    [3_000, 3_000, []],
    [3_001, 3_000, ["3000 cents a day are less than the 3001 of one tap"]],
  ])("of %i a tap and %i a day: %j", (tapCents, dayCents, reasons) => {
    const misfits = misfitsAfter(({ generations }) => {
      at(generations, 1).ceilings = { tapCents, dayCents };
    });
    expect(misfits.map(({ reason }) => reason)).toEqual(reasons);
  });
});

describe("what says not where it comes from", () => {
  const reason = "says neither its source, nor a reading, nor that it is invented";

  interface Provenance {
    source?: string | undefined;
    reading?: string | undefined;
    invented?: string | undefined;
  }
  const forget = (item: Provenance): void => {
    delete item.source;
    delete item.reading;
    delete item.invented;
  };

  it.each(["formations", "generations", "assumptions"] as const)("in %s is refused", (list) => {
    const misfits = misfitsAfter((data) => forget(at<Provenance>(data[list], 0)));
    expect(misfits).toEqual([{ path: [list, 0], reason }]);
  });

  it.each(["campaigns", "avantages"] as const)("as a rule of %s is refused", (list) => {
    const misfits = misfitsAfter((data) => {
      const owners: readonly { readonly rules: readonly Provenance[] }[] = data[list];
      forget(at(at(owners, 1).rules, 0));
    });
    expect(misfits).toEqual([{ path: [list, 1, "rules", 0], reason }]);
  });

  it.each(["source", "reading", "invented"])("is fine with its %s alone", (given) => {
    const misfits = misfitsAfter(({ generations }) => {
      const generation = at<Provenance>(generations, 0);
      forget(generation);
      Object.assign(generation, { [given]: "For a test." });
    });
    expect(misfits).toEqual([]);
  });
});
