// Partners: what kind they are, what they may take, their points of sale and their conventions.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { Convention } from "../model.js";
import type { PartnerEvent } from "./event.js";
import type { FiledPartner, PartnerFile } from "./file.js";
import { load } from "./load.js";

const rule = (id: string, kind: string, rest: object) => ({ id, kind, ...rest, invented: "test" });

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN"],
    level: ["SECONDE"],
    track: ["PRO"],
    flags: ["RAISED"],
    commitment: ["MISSION"],
    proofs: ["CERTIFICATE"],
    partnerTypes: ["EQUIPEMENT", "ETABLISSEMENT", "CINEMA"],
    partnerFlags: ["achatGroupe"],
  },
  campaigns: [
    {
      code: "2022/2023",
      rules: [
        rule("C/window", "window", { family: "SCOLAIRE", firstDay: null, lastDay: "2023-05-31" }),
      ],
    },
  ],
  avantages: [
    {
      code: "EQUIPEMENT",
      label: "Équipement",
      unit: "EUR_CENT",
      rules: [
        rule("EQUIPEMENT/window", "window", { family: "SCOLAIRE" }),
        rule("EQUIPEMENT/paid", "reimbursed", { by: "debit" }),
        rule("EQUIPEMENT/shop", "partner", { type: "EQUIPEMENT" }),
        rule("EQUIPEMENT/group", "partner", { type: "ETABLISSEMENT", flag: "achatGroupe" }),
      ],
    },
    {
      code: "CINEMA",
      label: "Cinéma",
      unit: "SEAT",
      rules: [
        rule("CINEMA/window", "window", { family: "SCOLAIRE" }),
        rule("CINEMA/paid", "reimbursed", { by: "tariff", tariffCentsPerUnit: 520 }),
      ],
    },
    {
      code: "MUSEE",
      label: "Musée",
      unit: "UNLIMITED",
      rules: [
        rule("MUSEE/window", "window", { family: "SCOLAIRE" }),
        rule("MUSEE/paid", "reimbursed", { by: "convention" }),
      ],
    },
    {
      code: "BON_PLAN",
      label: "Bon plan",
      unit: "RECORD",
      rules: [
        rule("BON_PLAN/all", "withoutGrant", {}),
        rule("BON_PLAN/paid", "reimbursed", { by: "nothing" }),
      ],
    },
  ],
  generations: [],
  settings: { accountUrl: "https://compte.example" },
});

const SCHOOL: FiledPartner = {
  id: "p-1",
  name: "Lycée",
  status: "active",
  types: ["ETABLISSEMENT"],
  flags: ["achatGroupe"],
};

function loadOn(event: PartnerEvent, file: Partial<PartnerFile> = {}) {
  return load({
    event,
    agent: { id: "region", role: "region", etablissement: null },
    file: {
      partner: SCHOOL,
      conventions: [],
      agrements: [],
      bank: null,
      declarations: [],
      justificatifs: [],
      pointOfSalePartner: null,
      conventionPartner: null,
      ...file,
    },
    nowMs: 0,
    programme,
    calendar,
  });
}

const partner = "p-1";
const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});

describe("a partner", () => {
  const saved = (change: Partial<FiledPartner> = {}) => {
    const { id, ...rest } = { ...SCHOOL, ...change };
    return { type: "partner.saved", partner: id, ...rest } satisfies PartnerEvent;
  };

  it("is put on record, and changed", () => {
    expect(loadOn(saved(), { partner: null })).toMatchObject({
      writes: [{ type: "putPartner", partner: SCHOOL }],
    });
    expect(loadOn(saved({ status: "suspended" }))).toMatchObject({
      writes: [{ type: "putPartner", partner: { ...SCHOOL, status: "suspended" } }],
    });
  });

  it("whose words come in another order is the same", () => {
    const types = ["EQUIPEMENT", "ETABLISSEMENT"];
    const before = { ...SCHOOL, types };
    const event = saved({ types: [...types].reverse() });
    expect(loadOn(event, { partner: before }).outcome).toBe("unchanged");
  });

  it.each([
    [saved({ types: ["CINMA"] }), /CINMA/],
    [saved({ flags: ["achat"] }), /achat/],
  ])("with a word that is none is refused", (event, detail) => {
    expect(loadOn(event)).toEqual(refusal("NOT_IN_PROGRAMME", detail));
  });

  it.each([saved({ flags: [] }), saved({ types: ["CINEMA"] })])(
    "keeps what its agrément rests on",
    (event) => {
      expect(loadOn(event, { agrements: ["EQUIPEMENT"] })).toEqual(
        refusal("CONTRADICTION", /EQUIPEMENT .*agrement\.withdrawn/),
      );
      expect(loadOn(event).outcome).toBe("applied");
    },
  );

  it("may lose a type where another carries the agrément", () => {
    const event = saved({ types: ["EQUIPEMENT"], flags: [] });
    expect(loadOn(event, { agrements: ["EQUIPEMENT"] }).outcome).toBe("applied");
  });
});

describe("an agrément", () => {
  const given = (avantage: string) =>
    ({ type: "agrement.given", partner, avantage }) satisfies PartnerEvent;

  it("is given to a kind of partner that may take the avantage", () => {
    expect(loadOn(given("EQUIPEMENT"))).toMatchObject({
      writes: [{ type: "putAgrement", partnerId: "p-1", avantage: "EQUIPEMENT" }],
    });
  });

  it.each<Partial<FiledPartner>>([{ flags: [] }, { types: ["CINEMA"] }, { types: [] }])(
    "is not given to one that is %j, and says to which",
    (change) => {
      expect(loadOn(given("EQUIPEMENT"), { partner: { ...SCHOOL, ...change } })).toEqual(
        refusal("CONTRADICTION", /EQUIPEMENT, ETABLISSEMENT \(achatGroupe\)/),
      );
    },
  );

  it("for what the programme does not have is refused", () => {
    expect(loadOn(given("PECHE"))).toEqual(refusal("NOT_IN_PROGRAMME", /PECHE/));
  });

  it("is withdrawn, though the programme may have dropped the avantage since", () => {
    const withdrawn = (avantage: string) =>
      ({ type: "agrement.withdrawn", partner, avantage }) satisfies PartnerEvent;
    expect(loadOn(withdrawn("OLD"), { agrements: ["OLD"] })).toMatchObject({
      writes: [{ type: "dropAgrement", avantage: "OLD" }],
    });
    expect(loadOn(withdrawn("EQUIPEMENT")).outcome).toBe("unchanged");
    expect(loadOn(withdrawn("PECHE"))).toEqual(refusal("NOT_IN_PROGRAMME", /PECHE/));
  });
});

describe("a point of sale", () => {
  const saved: PartnerEvent = {
    type: "pointOfSale.saved",
    partner,
    pointOfSale: "pos-1",
    name: "Centre",
    city: "Lyon",
  };

  it("is its partner's, and no other can have it", () => {
    const write = { type: "putPointOfSale", partnerId: "p-1", pointOfSaleId: "pos-1" };
    expect(loadOn(saved)).toMatchObject({ writes: [write] });
    expect(loadOn(saved, { pointOfSalePartner: "p-1" })).toMatchObject({ writes: [write] });
    expect(loadOn(saved, { pointOfSalePartner: "p-2" })).toEqual(refusal("CONTRADICTION", /pos-1/));
  });
});

describe("a report of an incivility", () => {
  it("is registered and changes nothing else", () => {
    const event: PartnerEvent = {
      type: "incivility.reported",
      partner,
      report: "r-1",
      beneficiary: "a-1",
      receivedOn: "2022-09-14",
    };
    expect(loadOn(event)).toEqual({
      outcome: "applied",
      notes: [],
      writes: [
        {
          type: "putReport",
          partnerId: "p-1",
          report: "r-1",
          beneficiary: "a-1",
          receivedOn: "2022-09-14",
        },
      ],
    });
  });
});

describe("a convention", () => {
  const signature = { reference: "S-1", atMs: 5 };
  const convention = (
    state: Convention["state"],
    change: Partial<Convention> = {},
  ): Convention => ({
    reference: "C-1",
    state,
    fromMs: 10,
    toMs: 20,
    signature: null,
    ...change,
  });
  const saved = (it: Convention) =>
    ({ type: "convention.saved", partner, convention: it }) satisfies PartnerEvent;
  const after = (before: Convention | null, next: Convention) =>
    loadOn(saved(next), {
      conventions: before === null ? [] : [before],
      conventionPartner: before === null ? null : "p-1",
    });
  const signedAs = (state: Convention["state"]) => convention(state, { signature });

  it.each<[Convention | null, Convention]>([
    [null, convention("REQUESTED")],
    [convention("REQUESTED"), convention("SENT_FOR_SIGNATURE")],
    [convention("SENT_FOR_SIGNATURE"), signedAs("SIGNED")],
    [signedAs("SIGNED"), signedAs("IN_FORCE")],
    [signedAs("IN_FORCE"), signedAs("TERMINATED")],
    [null, signedAs("IN_FORCE")],
    [convention("REQUESTED"), signedAs("IN_FORCE")],
    [convention("REQUESTED"), convention("REQUESTED", { toMs: 30 })],
  ])("goes from %j to %j", (before, next) => {
    expect(after(before, next)).toMatchObject({
      notes: [],
      writes: [{ type: "putConvention", partnerId: "p-1", convention: next }],
    });
  });

  it.each<[Convention | null, Convention, string, RegExp]>([
    [signedAs("IN_FORCE"), signedAs("SIGNED"), "OUT_OF_ORDER", /IN_FORCE .*back/],
    [signedAs("TERMINATED"), signedAs("IN_FORCE"), "OUT_OF_ORDER", /TERMINATED .*back/],
    [convention("SENT_FOR_SIGNATURE"), convention("SIGNED"), "OUT_OF_ORDER", /signature/],
    [null, convention("IN_FORCE"), "OUT_OF_ORDER", /signature/],
    [null, convention("SENT_FOR_SIGNATURE"), "OUT_OF_ORDER", /REQUESTED must come first/],
    [convention("REQUESTED"), convention("TERMINATED"), "OUT_OF_ORDER", /SENT_FOR_SIGNATURE/],
    [null, convention("REQUESTED", { toMs: 10 }), "CONTRADICTION", /ends before/],
    [
      signedAs("SIGNED"),
      convention("IN_FORCE", { signature: { ...signature, reference: "S-2" } }),
      "CONTRADICTION",
      /S-1/,
    ],
    [signedAs("IN_FORCE"), convention("TERMINATED"), "CONTRADICTION", /S-1/],
  ])("does not go from %j to %j", (before, next, code, detail) => {
    expect(after(before, next)).toEqual(refusal(code, detail));
  });

  it("of another partner is refused", () => {
    expect(loadOn(saved(signedAs("IN_FORCE")), { conventionPartner: "p-2" })).toEqual(
      refusal("CONTRADICTION", /C-1/),
    );
  });

  it("whose period changes after its signature is noted", () => {
    const longer = convention("IN_FORCE", { signature, toMs: 30 });
    expect(after(signedAs("IN_FORCE"), longer)).toMatchObject({
      outcome: "applied",
      notes: [expect.stringMatching(/C-1/)],
    });
  });

  describe("with tariffs", () => {
    const inForce = (tariffs?: Readonly<Record<string, number>>) =>
      convention("IN_FORCE", { signature, ...(tariffs && { tariffs }) });

    it("is kept with what it pays for each seat and each visit", () => {
      const priced = inForce({ CINEMA: 480, MUSEE: 1 });
      expect(after(null, priced)).toMatchObject({ notes: [], writes: [{ convention: priced }] });
    });

    it.each<[Readonly<Record<string, number>>, string, RegExp]>([
      [{ PECHE: 100 }, "NOT_IN_PROGRAMME", /PECHE/],
      [{ EQUIPEMENT: 100 }, "CONTRADICTION", /EQUIPEMENT .*debited/],
      [{ BON_PLAN: 100 }, "CONTRADICTION", /BON_PLAN .*nothing/],
      [{ CINEMA: 480, MUSEE: 0 }, "CONTRADICTION", /MUSEE .*one cent or more/],
      [{ CINEMA: 4.5 }, "CONTRADICTION", /CINEMA .*whole cents/],
    ])("of %j is refused", (tariffs, code, detail) => {
      expect(after(null, inForce(tariffs))).toEqual(refusal(code, detail));
    });

    it.each([
      [undefined, { CINEMA: 480 }],
      [{ CINEMA: 480 }, { CINEMA: 481 }],
      [{ CINEMA: 480, MUSEE: 200 }, { CINEMA: 480 }],
      [{ CINEMA: 480 }, undefined],
    ])(
      "that change from %j to %j after the signature is noted, without an amount",
      (one, other) => {
        expect(after(inForce(one), inForce(other))).toMatchObject({
          outcome: "applied",
          notes: ["the tariffs of convention C-1 changed after it was signed"],
          writes: [{ convention: inForce(other) }],
        });
      },
    );

    it("that change before the signature is not noted", () => {
      const asked = convention("REQUESTED", { tariffs: { CINEMA: 480 } });
      expect(after(convention("REQUESTED"), asked)).toMatchObject({
        outcome: "applied",
        notes: [],
      });
    });

    it.each([
      [
        { CINEMA: 480, MUSEE: 200 },
        { MUSEE: 200, CINEMA: 480 },
      ],
      [undefined, {}],
    ])("of %j is the same with %j", (one, other) => {
      expect(after(inForce(one), inForce(other)).outcome).toBe("unchanged");
    });

    it("may end with one that the programme has dropped since", () => {
      const priced = (state: Convention["state"]) =>
        convention(state, { signature, tariffs: { PECHE: 300 } });
      expect(after(priced("IN_FORCE"), priced("TERMINATED")).outcome).toBe("applied");
    });
  });
});
