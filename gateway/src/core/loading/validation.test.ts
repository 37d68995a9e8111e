// A validation against what is on record: what must come first, what is granted, raised, restored, and left alone.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { Grant } from "../model.js";
import type { Agent, Attributes } from "./event.js";
import type { BeneficiaryFile, FiledAccount } from "./file.js";
import { load } from "./load.js";
import type { Loaded } from "./loaded.js";

const rule = (id: string, kind: string, rest: object) => ({ id, kind, ...rest, invented: "test" });
const gives = (id: string, amount: number, when: object = {}, rest: object = {}) =>
  rule(id, "grant", { amount, when, ...rest });
const avantage = (code: string, unit: string, rules: readonly object[]) => ({
  code,
  label: code,
  unit,
  rules: [
    rule(`${code}/window`, "window", { family: "SCOLAIRE" }),
    rule(`${code}/paid`, "reimbursed", { by: "convention" }),
    ...rules,
  ],
});
const campaign = (code: string, id: string, days: readonly [string | null, string]) => ({
  code,
  rules: [
    rule(`${id}/window`, "window", { family: "SCOLAIRE", firstDay: days[0], lastDay: days[1] }),
    ...(days[0] === null
      ? [
          rule(`${id}/culture`, "window", {
            family: "CULTURE",
            firstDay: null,
            lastDay: "2022-06-30",
          }),
        ]
      : []),
    ...(days[0] === null ? [] : [rule(`${id}/validations`, "validationsFrom", { day: days[0] })]),
  ],
});

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN"],
    level: ["SECONDE", "PREMIERE", "TERMINALE"],
    track: ["PRO"],
    flags: ["RAISED", "COMBAT"],
    commitment: ["MISSION"],
    proofs: ["CERTIFICATE"],
    partnerTypes: ["SHOP"],
    partnerFlags: ["combatSport"],
  },
  campaigns: [
    campaign("2021/2022", "OLD", [null, "2022-05-31"]),
    campaign("2022/2023", "NEW", ["2022-06-07", "2023-05-31"]),
  ],
  avantages: [
    avantage("LIVRES", "EUR_CENT", [
      gives("LIVRES/base", 1500),
      gives("LIVRES/terminale", 3500, { level: ["TERMINALE"] }),
    ]),
    avantage("LICENCE", "EUR_CENT", [
      gives("LICENCE/base", 3000, { level: ["SECONDE", "PREMIERE"] }),
      gives("LICENCE/raised", 6000, { flags: ["RAISED"] }),
      gives("LICENCE/combat", 6000, { flags: ["COMBAT"] }, { onlyAt: "combatSport" }),
    ]),
    avantage("COUPON", "COUPON", [gives("COUPON/all", 0)]),
    avantage("AGED", "RECORD", [
      gives("AGED/all", 0),
      rule("AGED/age", "age", { fromYears: 14, toYears: 25 }),
    ]),
    avantage("EQUIPEMENT", "EUR_CENT", [
      rule("EQUIPEMENT/formation", "grantByFormation", { totalCentsMin: 1, totalCentsMax: 50000 }),
    ]),
  ],
  formations: ["BOIS", "MODE"].map((code) => ({
    code,
    label: code,
    invented: "test",
    versements: [
      { no: 1, level: "SECONDE", amountCents: 20000 },
      { no: 2, level: "PREMIERE", amountCents: 10000 },
    ],
  })),
  generations: [],
  settings: { accountUrl: "https://compte.example" },
});

const NOW_MS = Date.parse("2022-09-15T10:00:00Z");
const OPERATOR: Agent = { id: "op", role: "operator", etablissement: null };
const ACCOUNT: FiledAccount = {
  id: "a-1",
  holder: "Camille D.",
  etablissement: "lycee-1",
  charterAcceptedOn: "2022-06-10",
};
const EMPTY: BeneficiaryFile = {
  account: ACCOUNT,
  cards: [],
  grants: [],
  suspensions: [],
  cardTaken: false,
};

interface Options {
  readonly file?: Partial<BeneficiaryFile>;
  readonly attributes?: Partial<Attributes>;
  readonly agent?: Agent;
  readonly nowMs?: number;
  readonly campaign?: string;
  readonly etablissement?: string;
  readonly beneficiary?: string;
}

function validate(options: Options = {}): Loaded {
  const { file = {}, agent = OPERATOR, nowMs = NOW_MS } = options;
  const { campaign: code = "2022/2023", etablissement = "lycee-1", beneficiary = "a-1" } = options;
  const attributes: Attributes = {
    status: "LYCEEN",
    level: "SECONDE",
    track: "PRO",
    formation: null,
    flags: [],
    birthDay: "2006-01-01",
    ...options.attributes,
  };
  return load({
    event: {
      type: "beneficiary.validated",
      beneficiary,
      campaign: code,
      etablissement,
      attributes,
    },
    agent,
    file: { ...EMPTY, ...file },
    nowMs,
    programme,
    calendar,
  });
}

/** The grants as they stand after what a validation wrote. */
function grantsAfter(loaded: Loaded, grants: readonly Grant[] = []): readonly Grant[] {
  if (loaded.outcome === "refused") throw new Error(loaded.detail);
  return loaded.writes.reduce<readonly Grant[]>((held, write) => {
    if (write.type === "putGrant") return held.concat(write.grant);
    return held.map((grant) => {
      if (write.type === "setGrantRevoked" && write.grantId === grant.id) {
        return { ...grant, revoked: write.revoked };
      }
      if (write.type === "setGrantAge" && write.grantId === grant.id) {
        return { ...grant, ageWindow: write.ageWindow };
      }
      if (write.type !== "raiseGrant" || write.grantId !== grant.id) return grant;
      expect(write.amountBefore).toBe(grant.amount);
      const { amount, supplement, window, rule: by } = write;
      return { ...grant, amount, supplement, window, rule: by };
    });
  }, grants);
}

const validated = (options: Options = {}) => grantsAfter(validate(options));
const find = (grants: readonly Grant[], code: string) =>
  grants.find((grant) => grant.avantage === code);
const UNCHANGED = { outcome: "unchanged", writes: [] };

describe("a validation is refused", () => {
  it.each<[string, Options, string, RegExp]>([
    ["nobody ordered for", { file: { account: null } }, "UNKNOWN_SUBJECT", /card\.ordered/],
    [
      "without a charter",
      { file: { account: { ...ACCOUNT, charterAcceptedOn: null } } },
      "OUT_OF_ORDER",
      /charter/,
    ],
    ["in an unknown campaign", { campaign: "1999" }, "NOT_IN_PROGRAMME", /1999/],
    [
      "before validations open",
      { nowMs: Date.parse("2022-06-06T21:59:59Z") },
      "OUTSIDE_CAMPAIGN",
      /open on 2022-06-07/,
    ],
    [
      "after the campaign ended",
      { nowMs: Date.parse("2023-05-31T22:00:00Z") },
      "OUTSIDE_CAMPAIGN",
      /ended on 2023-05-31/,
    ],
    [
      "with a mistyped status",
      { attributes: { status: "LYCEN" } },
      "NOT_IN_PROGRAMME",
      /attributes\.status /,
    ],
    [
      "with a mistyped level",
      { attributes: { level: "2NDE" } },
      "NOT_IN_PROGRAMME",
      /attributes\.level /,
    ],
    [
      "with a mistyped track",
      { attributes: { track: "GT" } },
      "NOT_IN_PROGRAMME",
      /attributes\.track /,
    ],
    [
      "with a mistyped flag",
      { attributes: { flags: ["RISED"] } },
      "NOT_IN_PROGRAMME",
      /attributes\.flags /,
    ],
    [
      "with an unknown formation",
      { attributes: { formation: "FER" } },
      "NOT_IN_PROGRAMME",
      /attributes\.formation /,
    ],
    ["by another établissement", { etablissement: "lycee-2" }, "CONTRADICTION", /moved/],
  ])("%s", (_what, options, code, detail) => {
    expect(validate(options)).toEqual({
      outcome: "refused",
      code,
      detail: expect.stringMatching(detail),
    });
  });

  it("not in the first and not in the last millisecond of the campaign", () => {
    for (const nowMs of ["2022-06-06T22:00:00.000Z", "2023-05-31T21:59:59.999Z"].map(Date.parse)) {
      expect(validate({ nowMs }).outcome).toBe("applied");
    }
  });
});

describe("an établissement", () => {
  const agentOf = (etablissement: string | null): Agent => ({
    id: "school",
    role: "etablissement",
    etablissement,
  });

  it("validates its own pupil", () => {
    expect(validate({ agent: agentOf("lycee-1") }).outcome).toBe("applied");
  });

  it("cannot tell another's pupil from nobody", () => {
    const agent = agentOf("lycee-2");
    const etablissement = "lycee-2";
    const nobody = validate({ agent, etablissement, file: { account: null } });
    expect(nobody).toMatchObject({ outcome: "refused", code: "NOT_ALLOWED" });
    expect(validate({ agent, etablissement })).toEqual(nobody);
    expect(validate({ agent, etablissement: "lycee-1" })).toEqual(nobody);
    const noCharter = { ...ACCOUNT, charterAcceptedOn: null };
    expect(validate({ agent, etablissement, file: { account: noCharter } })).toEqual(nobody);
    expect(validate({ agent, etablissement, campaign: "1999" })).toEqual(nobody);
  });

  it("without a name of its own reaches nobody, not even those without one", () => {
    const account = { ...ACCOUNT, etablissement: null };
    expect(validate({ agent: agentOf(null), file: { account } })).toMatchObject({
      code: "NOT_ALLOWED",
    });
  });
});

describe("a validation again", () => {
  it("changes nothing, whatever was spent (T-19)", () => {
    const grants = validated().map((grant) => ({ ...grant, spent: grant.amount }));
    expect(validate({ file: { grants } })).toEqual({ ...UNCHANGED, notes: [] });
  });

  it("raises to the higher total and keeps what was spent (T-31)", () => {
    const grants = validated().map((grant) => ({ ...grant, spent: 1000 }));
    const loaded = validate({ file: { grants }, attributes: { level: "TERMINALE" } });
    const after = grantsAfter(loaded, grants);
    expect(find(after, "LIVRES")).toMatchObject({
      amount: 3500,
      spent: 1000,
      rule: "LIVRES/terminale",
    });
  });

  it("takes nothing away that it gives less of, and says so (T-47)", () => {
    const grants = validated({ attributes: { level: "TERMINALE" } });
    const loaded = validate({ file: { grants }, attributes: { level: "PREMIERE" } });
    expect(find(grantsAfter(loaded, grants), "LIVRES")?.amount).toBe(3500);
    expect(loaded).toMatchObject({ notes: ["LIVRES of 2022/2023 stays as it was granted"] });
  });

  it("takes nothing away that it does not give at all, and says so (T-47)", () => {
    const grants = validated();
    const loaded = validate({ file: { grants }, attributes: { level: "TERMINALE" } });
    expect(find(grantsAfter(loaded, grants), "LICENCE")?.revoked).toBe(false);
    expect(loaded).toMatchObject({ notes: [expect.stringMatching(/LICENCE .*grants\.revoked/)] });
  });

  it("gives back what was revoked, with what was spent of it", () => {
    const grants = validated().map((grant) => ({ ...grant, spent: 500, revoked: true }));
    const loaded = validate({ file: { grants } });
    expect(grantsAfter(loaded, grants)).toEqual(
      grants.map((grant) => ({ ...grant, revoked: false })),
    );
    expect(loaded).toMatchObject({ notes: grants.map(() => expect.stringMatching(/given back/)) });
  });

  it("by an établissement leaves what was revoked where it is, and says so", () => {
    const grants = validated().map((grant) =>
      grant.avantage === "LIVRES" ? { ...grant, revoked: true } : grant,
    );
    const agent: Agent = { id: "school", role: "etablissement", etablissement: "lycee-1" };
    const attributes = { level: "TERMINALE" };
    const loaded = validate({ file: { grants }, agent, attributes });
    expect(find(grantsAfter(loaded, grants), "LIVRES")).toEqual(find(grants, "LIVRES"));
    expect(loaded).toMatchObject({
      notes: expect.arrayContaining([expect.stringMatching(/^LIVRES .*revoked.*operator/)]),
    });
  });

  it("finds a grant that was taken over under another id", () => {
    const grants = validated().map((grant, index) => ({ ...grant, id: `old-${index}` }));
    expect(validate({ file: { grants } })).toMatchObject(UNCHANGED);
  });

  it("leaves the coupons that were loaded since", () => {
    const grants = validated().map((grant) =>
      grant.unit === "COUPON" ? { ...grant, amount: 4 } : grant,
    );
    expect(validate({ file: { grants } })).toEqual({ ...UNCHANGED, notes: [] });
  });

  it("of another birth day that makes no difference in the window changes nothing (T-57)", () => {
    const grants = validated();
    const loaded = validate({ file: { grants }, attributes: { birthDay: "2005-01-01" } });
    expect(loaded).toEqual({ ...UNCHANGED, notes: [] });
  });

  it.each([
    ["too young", "2015-01-01", "2008-09-16"],
    ["too old", "1916-01-01", "2006-01-01"],
    ["right", "2006-01-01", "2016-01-01"],
  ])("mends an age that was %s, and says so", (_what, wrong, right) => {
    const grants = validated({ attributes: { birthDay: wrong } });
    const loaded = validate({ file: { grants }, attributes: { birthDay: right } });
    const after = grantsAfter(loaded, grants);
    const fresh = validated({ attributes: { birthDay: right } });
    expect(find(after, "AGED")).toEqual(find(fresh, "AGED"));
    expect(find(after, "AGED")).not.toEqual(find(grants, "AGED"));
    expect(loaded).toMatchObject({ notes: [expect.stringMatching(/^AGED .*birthDay/)] });
  });

  describe("in a window that is open since ever", () => {
    const on = (day: string) => ({
      campaign: "2021/2022",
      nowMs: Date.parse(`${day}T10:00:00Z`),
    });
    const agedOn = (day: string, birthDay: string) =>
      find(validated({ ...on(day), attributes: { birthDay } }), "AGED")?.ageWindow;

    it("keeps nothing of a birth day whose age was reached before the loading (T-57)", () => {
      expect(agedOn("2022-02-01", "2006-01-01")).toBeNull();
      expect(agedOn("2022-02-01", "2008-03-01")?.fromMs).toBe(Date.parse("2022-02-28T23:00:00Z"));
      const until = agedOn("2022-02-01", "1996-03-01");
      expect(until).toEqual({
        fromMs: on("2022-02-01").nowMs,
        toMs: Date.parse("2022-02-28T23:00:00Z"),
      });
    });

    it.each(["2008-03-01", "1996-03-01", "2006-01-01", "2015-01-01"])(
      "sent again later, or after it, changes nothing: %s (T-19)",
      (birthDay) => {
        const attributes = { birthDay };
        const grants = validated({ ...on("2022-02-01"), attributes });
        for (const day of ["2022-02-20", "2022-04-01", "2022-05-31"]) {
          const again = validate({ ...on(day), attributes, file: { grants } });
          expect(again).toEqual({ ...UNCHANGED, notes: [] });
        }
      },
    );
  });

  it("in the next campaign grants afresh beside what there was (T-26)", () => {
    const before = { campaign: "2021/2022", nowMs: Date.parse("2022-05-01T10:00:00Z") };
    const grants = validated(before);
    const after = grantsAfter(validate({ file: { grants } }), grants);
    expect(after.slice(0, grants.length)).toEqual(grants);
    expect(after.filter(({ campaign: code }) => code === "2022/2023")).toHaveLength(grants.length);
  });
});

describe("a supplement", () => {
  const of = (flags: readonly string[]) => ({ attributes: { flags } });

  it("that comes later is added to the grant, not to the amount (T-23)", () => {
    const grants = validated();
    const after = grantsAfter(validate({ file: { grants }, ...of(["COMBAT"]) }), grants);
    expect(find(after, "LICENCE")).toMatchObject({
      amount: 3000,
      supplement: { amount: 3000, partnerFlag: "combatSport" },
      rule: "LICENCE/base",
    });
  });

  it("is used up by an amount that reaches it: 6000, not 9000 (T-23)", () => {
    const grants = validated(of(["COMBAT"]));
    const after = grantsAfter(validate({ file: { grants }, ...of(["RAISED"]) }), grants);
    expect(find(after, "LICENCE")).toMatchObject({ amount: 6000, supplement: null });
  });

  it("stays where it is no longer given, and a note says so (T-47)", () => {
    const grants = validated(of(["COMBAT"]));
    expect(validate({ file: { grants } })).toEqual({
      ...UNCHANGED,
      notes: ["LICENCE of 2022/2023 stays as it was granted"],
    });
  });
});

describe("equipment", () => {
  const BOIS = { attributes: { formation: "BOIS" } };
  const OLD = { campaign: "2021/2022", nowMs: Date.parse("2022-05-01T10:00:00Z") };
  const equipment = (grants: readonly Grant[]) =>
    grants.filter((grant) => grant.avantage === "EQUIPEMENT").map(({ id }) => id);

  it("is not given again to somebody who repeats the year, spent or not (T-28)", () => {
    const grants = validated({ ...OLD, ...BOIS });
    const loaded = validate({ file: { grants }, ...BOIS });
    expect(equipment(grantsAfter(loaded, grants))).toEqual(["a-1/EQUIPEMENT/BOIS/1"]);
    expect(loaded).toMatchObject({ notes: [expect.stringMatching(/BOIS\/1 .*2021\/2022/)] });
  });

  it("comes with its second versement in the next campaign, in a window of its own (T-27)", () => {
    const grants = validated({ ...OLD, ...BOIS });
    const attributes = { formation: "BOIS", level: "PREMIERE" };
    const after = grantsAfter(validate({ file: { grants }, attributes }), grants);
    expect(equipment(after)).toEqual(["a-1/EQUIPEMENT/BOIS/1", "a-1/EQUIPEMENT/BOIS/2"]);
  });

  it("is never two versements of one campaign, until the wrong one is revoked (T-27)", () => {
    const grants = validated(BOIS);
    const attributes = { formation: "BOIS", level: "PREMIERE" };
    const loaded = validate({ file: { grants }, attributes });
    expect(equipment(grantsAfter(loaded, grants))).toEqual(["a-1/EQUIPEMENT/BOIS/1"]);
    expect(loaded).toMatchObject({ notes: [expect.stringMatching(/grants\.revoked/)] });
    const revoked = grants.map((grant) => ({ ...grant, revoked: true }));
    const after = grantsAfter(validate({ file: { grants: revoked }, attributes }), revoked);
    expect(equipment(after)).toContain("a-1/EQUIPEMENT/BOIS/2");
  });

  const FIRST = "a-1/EQUIPEMENT/BOIS/1";
  const revokedAll = (grants: readonly Grant[], spent = 0) =>
    grants.map((grant) => ({ ...grant, spent, revoked: true }));

  it("spent of and then revoked still stands beside the other versement of its campaign (T-27)", () => {
    const grants = revokedAll(validated(BOIS), 1);
    const attributes = { formation: "BOIS", level: "PREMIERE" };
    const loaded = validate({ file: { grants }, attributes });
    expect(equipment(grantsAfter(loaded, grants))).toEqual([FIRST]);
    expect(loaded).toMatchObject({
      notes: expect.arrayContaining([expect.stringMatching(/BOIS\/2 .*BOIS\/1/)]),
    });
  });

  it("that was revoked is not given back beside the one that took its place (T-27)", () => {
    const wrong = revokedAll(validated(BOIS));
    const attributes = { formation: "BOIS", level: "PREMIERE" };
    const both = grantsAfter(validate({ file: { grants: wrong }, attributes }), wrong);
    const loaded = validate({ file: { grants: both }, ...BOIS });
    const after = grantsAfter(loaded, both);
    expect(after.filter(({ id }) => id.includes("BOIS")).map(({ revoked }) => revoked)).toEqual([
      true,
      false,
    ]);
    expect(loaded).toMatchObject({
      notes: expect.arrayContaining([expect.stringMatching(/BOIS\/1 .*BOIS\/2/)]),
    });
  });

  it("of two campaigns whose windows overlap is not given while both are open (T-27)", () => {
    const other = find(validated(BOIS), "EQUIPEMENT");
    if (!other) throw new Error("the formation gives a versement");
    const until = (toMs: number) => ({ ...other.window, toMs });
    const give = (toMs: number) => {
      const grants = [{ ...other, campaign: "2021/2022", window: until(toMs) }];
      const attributes = { formation: "BOIS", level: "PREMIERE" };
      return equipment(grantsAfter(validate({ file: { grants }, attributes }), grants));
    };
    expect(give(NOW_MS + 1)).toEqual([FIRST]);
    expect(give(NOW_MS)).toEqual([FIRST, "a-1/EQUIPEMENT/BOIS/2"]);
  });

  it("given by mistake in a campaign and revoked unspent is given in the right one (T-28)", () => {
    const before = validated({ ...OLD, ...BOIS });
    const grants = revokedAll(before);
    const loaded = validate({ file: { grants }, ...BOIS });
    const after = grantsAfter(loaded, grants);
    expect(equipment(after)).toEqual([FIRST, `${FIRST}/2022/2023`]);
    expect(after.at(-1)).toMatchObject({ campaign: "2022/2023", amount: 20000, revoked: false });
    expect(validate({ file: { grants: after }, ...BOIS })).toMatchObject(UNCHANGED);
    const repeated = validate({ ...OLD, file: { grants: after }, ...BOIS });
    expect(equipment(grantsAfter(repeated, after))).toEqual(equipment(after));
    expect(find(grantsAfter(repeated, after), "EQUIPEMENT")?.revoked).toBe(true);
  });

  it("goes back and forth between two campaigns and is never there twice (T-28)", () => {
    const first = revokedAll(validated({ ...OLD, ...BOIS }));
    const second = grantsAfter(validate({ file: { grants: first }, ...BOIS }), first);
    const none = revokedAll(second);
    const again = grantsAfter(validate({ ...OLD, file: { grants: none }, ...BOIS }), none);
    const live = again.filter(({ avantage: code, revoked }) => code === "EQUIPEMENT" && !revoked);
    expect(live.map(({ id }) => id)).toEqual([FIRST]);
    const third = grantsAfter(validate({ file: { grants: again }, ...BOIS }), again);
    expect(equipment(third)).toHaveLength(2);
  });

  it("spent of before it was revoked stays once for life (T-28)", () => {
    const grants = revokedAll(validated({ ...OLD, ...BOIS }), 1);
    const loaded = validate({ file: { grants }, ...BOIS });
    expect(equipment(grantsAfter(loaded, grants))).toEqual([FIRST]);
    expect(loaded).toMatchObject({
      notes: expect.arrayContaining([expect.stringMatching(/once for life/)]),
    });
  });

  it.each<[string, readonly Grant[]]>([
    ["is not given", []],
    ["is not given back", revokedAll(validated({ ...OLD, ...BOIS }))],
  ])("%s where its window is over, and keeps its right for the next campaign", (_what, held) => {
    const grants = held.filter((grant) => grant.avantage === "EQUIPEMENT");
    const nowMs = Date.parse("2022-06-15T10:00:00Z");
    const loaded = validate({ ...OLD, nowMs, file: { grants }, ...BOIS });
    const after = grantsAfter(loaded, grants);
    expect(after.filter(({ avantage: code }) => code === "EQUIPEMENT")).toEqual(grants);
    expect(loaded).toMatchObject({
      notes: expect.arrayContaining([expect.stringMatching(/BOIS\/1 .*ended on 2022-05-31/)]),
    });
    const next = grantsAfter(validate({ nowMs, file: { grants: after }, ...BOIS }), after);
    expect(next.filter(({ avantage: code }) => code === "EQUIPEMENT").at(-1)).toMatchObject({
      campaign: "2022/2023",
      revoked: false,
    });
  });

  it("that is on record is left alone when its window is over", () => {
    const grants = validated({ ...OLD, ...BOIS });
    const nowMs = Date.parse("2022-06-15T10:00:00Z");
    expect(validate({ ...OLD, nowMs, file: { grants }, ...BOIS })).toEqual({
      ...UNCHANGED,
      notes: [],
    });
  });

  it("of another formation is given, and noted for review (T-28)", () => {
    const grants = validated({ ...OLD, ...BOIS });
    const loaded = validate({ file: { grants }, attributes: { formation: "MODE" } });
    expect(equipment(grantsAfter(loaded, grants))).toContain("a-1/EQUIPEMENT/MODE/1");
    expect(loaded).toMatchObject({ notes: [expect.stringMatching(/MODE\/1 .*BOIS\/1.*review/)] });
  });
});

describe("over any sequence of validations", () => {
  const attributes = fc.record({
    level: fc.constantFrom("SECONDE", "PREMIERE", "TERMINALE"),
    flags: fc.subarray(["RAISED", "COMBAT"]),
    formation: fc.constantFrom(null, "BOIS", "MODE"),
    birthDay: fc.constantFrom(null, "2006-01-01"),
  });

  it("nothing comes down, and each of them sent again changes nothing", () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 6 }), (sequence) => {
        let grants: readonly Grant[] = [];
        for (const said of sequence) {
          const after = grantsAfter(validate({ file: { grants }, attributes: said }), grants);
          for (const grant of grants) {
            const now = after.find(({ id }) => id === grant.id);
            const total = (one: Grant | undefined) =>
              (one?.amount ?? 0) + (one?.supplement?.amount ?? 0);
            expect(now?.amount).toBeGreaterThanOrEqual(grant.amount);
            expect(total(now)).toBeGreaterThanOrEqual(total(grant));
          }
          grants = after;
        }
        for (const said of sequence) {
          expect(validate({ file: { grants }, attributes: said })).toMatchObject(UNCHANGED);
        }
      }),
      printedSeed("validations again", 200),
    );
  });
});
