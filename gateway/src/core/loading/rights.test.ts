// What comes and goes beside a validation: commitments, coupons, revocations, suspensions.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { Grant } from "../model.js";
import type { BeneficiaryEvent } from "./event.js";
import type { BeneficiaryFile, FiledSuspension } from "./file.js";
import { load } from "./load.js";
import type { Loaded } from "./loaded.js";

const rule = (id: string, kind: string, rest: object) => ({ id, kind, ...rest, invented: "test" });
const aid = (name: string, amount: number, commitment: string, proofs: readonly string[]) =>
  rule(`PERMIS_B/${name}`, "grant", { amount, when: { commitment: [commitment], proofs } });

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN"],
    level: ["SECONDE"],
    track: ["PRO"],
    flags: ["RAISED"],
    commitment: ["MISSION", "JSP", "SPV", "CADET"],
    proofs: ["CERTIFICATE", "BREVET"],
    partnerTypes: ["SHOP"],
    partnerFlags: ["flag"],
  },
  campaigns: [
    ...["2021/2022", "2022/2023"].map((code, index) => ({
      code,
      rules: [
        rule(`C${index}/window`, "window", {
          family: "SANTE",
          firstDay: null,
          lastDay: "2023-06-30",
        }),
      ],
    })),
    {
      code: "2023/2024",
      rules: [
        ["SPORT", "2023-09-01", "2024-05-31"],
        ["SANTE", "2023-07-15", "2024-06-30"],
      ].map(([family, firstDay, lastDay]) =>
        rule(`C2/${family}`, "window", { family, firstDay, lastDay }),
      ),
    },
  ],
  avantages: [
    {
      code: "EVERYDAY",
      label: "Everyday",
      unit: "RECORD",
      rules: [
        rule("EVERYDAY/window", "window", { family: "SANTE" }),
        rule("EVERYDAY/paid", "reimbursed", { by: "nothing" }),
        rule("EVERYDAY/outside", "outsideSuspension", {}),
      ],
    },
    ...["PSC1", "COUPON"].map((code) => ({
      code,
      label: code,
      unit: code === "COUPON" ? "COUPON" : "EUR_CENT",
      rules: [
        rule(`${code}/window`, "window", { family: "SANTE" }),
        rule(`${code}/paid`, "reimbursed", { by: "convention" }),
      ],
    })),
    {
      code: "PERMIS_B",
      label: "Permis B",
      unit: "EUR_CENT",
      rules: [
        rule("PERMIS_B/months", "ownWindow", { months: 24 }),
        rule("PERMIS_B/paid", "reimbursed", { by: "convention" }),
        aid("mission", 20000, "MISSION", ["CERTIFICATE"]),
        aid("jsp", 50000, "JSP", ["BREVET"]),
        aid("spv", 100000, "SPV", ["BREVET"]),
      ],
    },
  ],
  generations: [],
  settings: { accountUrl: "https://compte.example" },
});

const NOW_MS = Date.parse("2022-10-15T10:00:00Z");
const beneficiary = "a-1";
const campaign = "2022/2023";

function loadOn(event: BeneficiaryEvent, file: Partial<BeneficiaryFile> = {}, nowMs = NOW_MS) {
  const role = event.type.startsWith("suspension.") ? "region" : "operator";
  return load({
    event,
    agent: { id: "agent", role, etablissement: null },
    file: {
      account: {
        id: "a-1",
        holder: "Camille D.",
        etablissement: "lycee-1",
        charterAcceptedOn: "2022-06-10",
      },
      cards: [],
      grants: [],
      suspensions: [],
      cardTaken: false,
      ...file,
    },
    nowMs,
    programme,
    calendar,
  });
}

function grantOf(avantage: string, change: Partial<Grant> = {}): Grant {
  return {
    id: `a-1/${campaign}/${avantage}`,
    avantage,
    campaign,
    unit: programme.avantages.get(avantage)?.unit ?? "EUR_CENT",
    amount: 6000,
    supplement: null,
    spent: 0,
    window: calendar.windowOfDays(null, "2023-06-30"),
    ageWindow: null,
    rule: `${avantage}/all`,
    revoked: false,
    ...change,
  };
}

function applied(loaded: Loaded) {
  if (loaded.outcome !== "applied") throw new Error(JSON.stringify(loaded));
  return loaded;
}

const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});

describe("a commitment", () => {
  const fulfilled = (commitment: string, ...proofs: readonly string[]) =>
    ({ type: "commitment.fulfilled", beneficiary, commitment, proofs }) satisfies BeneficiaryEvent;
  const held = (change: Partial<Grant> = {}) =>
    grantOf("PERMIS_B", {
      id: "a-1/PERMIS_B/1",
      campaign: null,
      amount: 50000,
      spent: 30000,
      window: calendar.windowOfMonths(Date.parse("2022-03-01T11:00:00Z"), 24),
      ...change,
    });

  it("gives a grant of no campaign, for 24 months from its loading (T-07)", () => {
    const window = calendar.windowOfMonths(NOW_MS, 24);
    expect(window.lastDay).toBe("2024-10-15");
    expect(loadOn(fulfilled("JSP", "BREVET"))).toMatchObject({
      notes: [],
      writes: [
        {
          type: "putGrant",
          accountId: "a-1",
          grant: {
            id: "a-1/PERMIS_B/1",
            campaign: null,
            amount: 50000,
            spent: 0,
            window,
            rule: "PERMIS_B/jsp",
          },
        },
      ],
    });
  });

  it("that is worth more raises the active grant to its total, in a new window (T-38)", () => {
    expect(loadOn(fulfilled("SPV", "BREVET"), { grants: [held()] })).toMatchObject({
      writes: [
        {
          type: "raiseGrant",
          grantId: "a-1/PERMIS_B/1",
          amountBefore: 50000,
          amount: 100000,
          window: calendar.windowOfMonths(NOW_MS, 24),
          rule: "PERMIS_B/spv",
        },
      ],
    });
  });

  it.each(["MISSION", "JSP"])("%s that is worth no more changes nothing (T-38)", (commitment) => {
    const event = fulfilled(commitment, "BREVET", "CERTIFICATE");
    expect(loadOn(event, { grants: [held()] })).toEqual({
      outcome: "unchanged",
      writes: [],
      notes: [expect.stringMatching(/PERMIS_B\/1 stays as it was granted.*review/)],
    });
  });

  const OVER_MS = held().window.toMs;
  const SPV = fulfilled("SPV", "BREVET");

  it.each(["MISSION", "JSP"])(
    "%s that is worth no more gives nothing when the months are over either (T-38)",
    (commitment) => {
      const event = fulfilled(commitment, "BREVET", "CERTIFICATE");
      for (const change of [{}, { revoked: true }]) {
        expect(loadOn(event, { grants: [held(change)] }, OVER_MS)).toEqual({
          outcome: "unchanged",
          writes: [],
          notes: [expect.stringMatching(/PERMIS_B\/1 .*review/)],
        });
      }
    },
  );

  it("that is worth more gives another grant when the months are over (T-38)", () => {
    expect(loadOn(SPV, { grants: [held()] }, OVER_MS)).toMatchObject({
      notes: [expect.stringMatching(/earlier/)],
      writes: [{ type: "putGrant", grant: { id: "a-1/PERMIS_B/2", amount: 100000 } }],
    });
  });

  const back = {
    type: "setGrantRevoked",
    accountId: "a-1",
    grantId: "a-1/PERMIS_B/1",
    revoked: false,
  };

  it("gives a revoked grant back as it was, with what was spent of it", () => {
    const grants = [held({ revoked: true })];
    expect(loadOn(fulfilled("JSP", "BREVET"), { grants })).toEqual({
      outcome: "applied",
      notes: [expect.stringMatching(/PERMIS_B\/1 .*given back/)],
      writes: [back],
    });
  });

  it("that is worth more gives a revoked grant back and raises it (T-38)", () => {
    const grants = [held({ revoked: true })];
    expect(loadOn(SPV, { grants })).toMatchObject({
      writes: [back, { type: "raiseGrant", amountBefore: 50000, amount: 100000 }],
    });
  });

  it("of two revoked grants gives that back of which most was spent, never both", () => {
    const unspent = held({ id: "a-1/PERMIS_B/0", spent: 0, revoked: true });
    const grants = [unspent, held({ revoked: true })];
    const { writes } = applied(loadOn(SPV, { grants }));
    expect(writes).toMatchObject([back, { type: "raiseGrant", grantId: "a-1/PERMIS_B/1" }]);
  });

  it("leaves a revoked grant alone beside an active one", () => {
    const active = held({ id: "a-1/PERMIS_B/2", amount: 20000, spent: 0 });
    const grants = [held({ amount: 100000, spent: 0, revoked: true }), active];
    const { writes } = applied(loadOn(SPV, { grants }));
    expect(writes).toMatchObject([{ type: "raiseGrant", grantId: "a-1/PERMIS_B/2" }]);
  });

  it("that is worth less than a revoked grant gives what it is worth, if nothing was spent", () => {
    const mission = fulfilled("MISSION", "CERTIFICATE");
    expect(loadOn(mission, { grants: [held({ revoked: true })] })).toEqual({
      outcome: "unchanged",
      writes: [],
      notes: [expect.stringMatching(/PERMIS_B\/1 stays revoked.*review/)],
    });
    expect(loadOn(mission, { grants: [held({ revoked: true, spent: 0 })] })).toMatchObject({
      writes: [{ type: "putGrant", grant: { id: "a-1/PERMIS_B/2", amount: 20000 } }],
    });
  });

  it("meets the grant as active until its last millisecond", () => {
    const grants = [held()];
    const event = fulfilled("MISSION", "CERTIFICATE");
    expect(loadOn(event, { grants }, held().window.toMs - 1).outcome).toBe("unchanged");
  });

  it.each([
    ["without its proof (T-39)", fulfilled("JSP"), "OUT_OF_ORDER", /JSP needs BREVET/],
    ["that no rule asks for", fulfilled("CADET"), "NOT_IN_PROGRAMME", /CADET/],
    ["that is no word of the programme", fulfilled("GSP"), "NOT_IN_PROGRAMME", /GSP/],
    ["with a proof that is no word", fulfilled("JSP", "BREVT"), "NOT_IN_PROGRAMME", /BREVT/],
  ])("%s is refused", (_what, event, code, detail) => {
    expect(loadOn(event)).toEqual(refusal(code, detail));
  });
});

describe("coupons", () => {
  const loaded = (count: number, avantage = "COUPON", code = campaign) =>
    ({
      type: "coupons.loaded",
      beneficiary,
      campaign: code,
      avantage,
      count,
    }) satisfies BeneficiaryEvent;
  const grants = [grantOf("COUPON", { amount: 2, spent: 1 })];

  it("are a total that rises (T-45)", () => {
    expect(loadOn(loaded(5), { grants })).toMatchObject({
      writes: [{ type: "raiseGrant", amountBefore: 2, amount: 5, rule: "COUPON/all" }],
    });
    expect(loadOn(loaded(2), { grants }).outcome).toBe("unchanged");
    expect(loadOn(loaded(1), { grants })).toEqual(refusal("CONTRADICTION", /total/));
  });

  it.each<[string, BeneficiaryEvent, Partial<BeneficiaryFile>, string, RegExp]>([
    ["of euros", loaded(5, "PSC1"), {}, "NOT_IN_PROGRAMME", /PSC1 .*EUR_CENT/],
    ["of no avantage", loaded(5, "NONE"), {}, "NOT_IN_PROGRAMME", /NONE/],
    ["of no campaign", loaded(5, "COUPON", "1999"), {}, "NOT_IN_PROGRAMME", /1999/],
    ["before the validation", loaded(5), {}, "OUT_OF_ORDER", /validated/],
    ["of another campaign", loaded(5, "COUPON", "2021/2022"), { grants }, "OUT_OF_ORDER", /2021/],
    [
      "after a revocation",
      loaded(5),
      { grants: [grantOf("COUPON", { amount: 2, revoked: true })] },
      "OUT_OF_ORDER",
      /validated/,
    ],
  ])("%s are refused", (_what, event, file, code, detail) => {
    expect(loadOn(event, file)).toEqual(refusal(code, detail));
  });
});

describe("a revocation", () => {
  const revoked = (avantages: readonly string[] | "ALL", code: string | null = campaign) =>
    ({ type: "grants.revoked", beneficiary, campaign: code, avantages }) satisfies BeneficiaryEvent;
  const grants = [
    grantOf("PSC1"),
    grantOf("COUPON"),
    grantOf("PSC1", { id: "old", campaign: "2021/2022" }),
    grantOf("PERMIS_B", { id: "own", campaign: null }),
  ];
  const taken = (grantId: string) => ({
    type: "setGrantRevoked",
    accountId: "a-1",
    grantId,
    revoked: true,
  });

  it("takes the campaign's grants away, all or those it lists, and no others", () => {
    const psc1 = taken("a-1/2022/2023/PSC1");
    expect(loadOn(revoked(["PSC1"]), { grants })).toMatchObject({ writes: [psc1], notes: [] });
    expect(loadOn(revoked("ALL", null), { grants })).toMatchObject({ writes: [taken("own")] });
    expect(loadOn(revoked("ALL"), { grants })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [psc1, taken("a-1/2022/2023/COUPON")],
    });
  });

  it("of what is not there changes nothing, and says so", () => {
    expect(loadOn(revoked(["COUPON"]), { grants: [grantOf("PSC1")] })).toEqual({
      outcome: "unchanged",
      writes: [],
      notes: [expect.stringMatching(/COUPON/)],
    });
  });

  it.each([
    [revoked(["NONE"]), /NONE/],
    [revoked("ALL", "1999"), /1999/],
  ])("outside the programme is refused", (event, detail) => {
    expect(loadOn(event, { grants })).toEqual(refusal("NOT_IN_PROGRAMME", detail));
  });
});

describe("a suspension", () => {
  const decided = (
    change: Partial<Extract<BeneficiaryEvent, { type: "suspension.decided" }>> = {},
  ) =>
    ({
      type: "suspension.decided",
      beneficiary,
      suspension: "s-1",
      campaign,
      avantages: ["PSC1", "COUPON"],
      decisionRef: "D-1",
      ...change,
    }) satisfies BeneficiaryEvent;
  const ON_RECORD: FiledSuspension = {
    id: "s-1",
    campaign,
    avantages: ["PSC1", "COUPON"],
    decisionRef: "D-1",
    decidedAtMs: NOW_MS,
    liftedAtMs: null,
  };

  it("is put on record, and touches no grant", () => {
    expect(loadOn(decided(), { grants: [grantOf("PSC1")] })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putSuspension", accountId: "a-1", suspension: ON_RECORD }],
    });
  });

  it("again changes nothing, its avantages in whatever order, and lifted stays lifted", () => {
    const again = decided({ avantages: ["COUPON", "PSC1"] });
    expect(loadOn(again, { suspensions: [ON_RECORD] }).outcome).toBe("unchanged");
    const lifted = { ...ON_RECORD, liftedAtMs: 1 };
    expect(loadOn(again, { suspensions: [lifted] }).outcome).toBe("unchanged");
  });

  it.each([
    { campaign: "2021/2022" },
    { avantages: "ALL" as const },
    { avantages: ["PSC1"] },
    { decisionRef: "D-9" },
  ])("under the same id with %j contradicts it", (change) => {
    expect(loadOn(decided(change), { suspensions: [ON_RECORD] })).toEqual(
      refusal("CONTRADICTION", /s-1/),
    );
  });

  it.each([
    [decided({ avantages: ["NONE"] }), /NONE/],
    [decided({ campaign: "1999" }), /1999/],
  ])("outside the programme is refused", (event, detail) => {
    expect(loadOn(event)).toEqual(refusal("NOT_IN_PROGRAMME", detail));
  });

  it("that names an everyday use is refused: no suspension touches it (T-40)", () => {
    expect(loadOn(decided({ avantages: ["PSC1", "EVERYDAY"] }))).toEqual(
      refusal("CONTRADICTION", /EVERYDAY is an everyday use/),
    );
    expect(loadOn(decided({ avantages: "ALL" })).outcome).toBe("applied");
  });

  it.each([
    ["2023-07-14T21:59:59.999Z", "OUTSIDE_CAMPAIGN", /2023\/2024 opens on 2023-07-15/],
    ["2024-06-30T22:00:00Z", "OUTSIDE_CAMPAIGN", /2023\/2024 ended on 2024-06-30/],
  ])("of a campaign without an open window at %s is refused", (utc, code, detail) => {
    const event = decided({ campaign: "2023/2024" });
    expect(loadOn(event, {}, Date.parse(utc))).toEqual(refusal(code, detail));
  });

  it("is taken from the campaign's first millisecond to its last, and again after it", () => {
    const event = decided({ campaign: "2023/2024" });
    for (const utc of ["2023-07-14T22:00:00Z", "2024-06-30T21:59:59.999Z"]) {
      expect(loadOn(event, {}, Date.parse(utc)).outcome).toBe("applied");
    }
    const suspensions = [{ ...ON_RECORD, campaign: "2023/2024" }];
    const later = Date.parse("2024-07-01T10:00:00Z");
    expect(loadOn(event, { suspensions }, later).outcome).toBe("unchanged");
  });

  it("is lifted once; one that was not decided is not known", () => {
    const lift = {
      type: "suspension.lifted",
      beneficiary,
      suspension: "s-1",
      decisionRef: "D-2",
    } as const;
    expect(loadOn(lift, { suspensions: [ON_RECORD] })).toMatchObject({
      writes: [{ type: "liftSuspension", suspensionId: "s-1", decisionRef: "D-2", atMs: NOW_MS }],
    });
    expect(loadOn(lift, { suspensions: [{ ...ON_RECORD, liftedAtMs: 1 }] }).outcome).toBe(
      "unchanged",
    );
    expect(loadOn(lift)).toEqual(refusal("UNKNOWN_SUBJECT", /s-1/));
  });
});
