// A partner that changes: what its agréments rest on, its conventions one by one, and what a refusal tells of it.

import { describe, expect, it } from "vitest";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import * as calendar from "../../catalogue/civil-dates.js";
import type { Convention } from "../model.js";
import type { PartnerEvent, Role } from "./event.js";
import type { FiledPartner, PartnerFile } from "./file.js";
import { load } from "./load.js";

const partner = "p-1";
const SHOP: FiledPartner = {
  id: partner,
  name: "Le Comptoir",
  status: "active",
  types: ["LIBRAIRIE", "CINEMA"],
  flags: [],
};

function loadOn(event: PartnerEvent, file: Partial<PartnerFile> = {}, role: Role = "region") {
  const known: PartnerFile = {
    partner: SHOP,
    conventions: [],
    agrements: [],
    bank: null,
    declarations: [],
    justificatifs: [],
    pointOfSalePartner: null,
    conventionPartner: null,
  };
  return load({
    event,
    agent: { id: "agent", role, etablissement: role === "etablissement" ? "lycee-1" : null },
    file: { ...known, ...file },
    nowMs: 0,
    programme: TEST_PROGRAMME,
    calendar,
  });
}

const UNCHANGED = { outcome: "unchanged", notes: [], writes: [] };
const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});
const given = (avantage: string) =>
  ({ type: "agrement.given", partner, avantage }) satisfies PartnerEvent;

describe("a partner that is saved again", () => {
  const saved = (change: Partial<Omit<FiledPartner, "id">> = {}) => {
    const { id: _id, ...rest } = { ...SHOP, ...change };
    return { type: "partner.saved", partner, ...rest } satisfies PartnerEvent;
  };

  it("changes where its name alone is another", () => {
    const name = "Le Nouveau Comptoir";
    expect(loadOn(saved({ name }))).toMatchObject({
      outcome: "applied",
      writes: [{ type: "putPartner", partner: { ...SHOP, name } }],
    });
    expect(loadOn(saved())).toEqual(UNCHANGED);
  });

  it.each([
    ["for an avantage that the programme has dropped", "OLD"],
    ["for what it is no kind of partner for, before or after", "LICENCE"],
  ])("may lose a type beside an agrément %s", (_what, avantage) => {
    const event = saved({ types: ["LIBRAIRIE"] });
    expect(loadOn(event, { agrements: [avantage] }).outcome).toBe("applied");
    expect(loadOn(event, { agrements: ["CINEMA"] })).toEqual(refusal("CONTRADICTION", /CINEMA/));
  });
});

describe("an agrément that is refused", () => {
  it("tells every kind that the partner is, or that it is none", () => {
    expect(loadOn(given("LICENCE"))).toEqual(
      refusal("CONTRADICTION", /^LICENCE is for CLUB_SPORTIF: p-1 is LIBRAIRIE, CINEMA$/),
    );
    expect(loadOn(given("LICENCE"), { partner: { ...SHOP, types: [] } })).toEqual(
      refusal("CONTRADICTION", /: p-1 is of no type$/),
    );
  });

  it("tells that the avantage is for no partner at all", () => {
    expect(loadOn(given("KIOSQUE"))).toEqual(
      refusal("CONTRADICTION", /^KIOSQUE is for no partner: /),
    );
  });

  it("tells every role that may give it", () => {
    expect(loadOn(given("CINEMA"), {}, "etablissement")).toEqual(
      refusal("NOT_ALLOWED", /it is sent by operator or region$/),
    );
  });

  it("tells that the partner must be saved first", () => {
    expect(loadOn(given("CINEMA"), { partner: null })).toEqual(
      refusal("UNKNOWN_SUBJECT", /^no partner p-1 is on record: partner\.saved must come first$/),
    );
  });
});

describe("one convention of several", () => {
  const signature = { reference: "S-1", atMs: 5 };
  const convention = (change: Partial<Convention> = {}): Convention => ({
    reference: "C-1",
    state: "REQUESTED",
    fromMs: 10,
    toMs: 20,
    signature: null,
    ...change,
  });
  const after = (before: readonly Convention[], next: Convention) =>
    loadOn(
      { type: "convention.saved", partner, convention: next },
      { conventions: before, conventionPartner: partner },
    );
  const SIGNED = convention({ state: "SIGNED", signature });

  it("goes its own way, whatever the other's state is", () => {
    const other = convention({ reference: "C-0", state: "TERMINATED", signature });
    const next = convention({ state: "SENT_FOR_SIGNATURE" });
    expect(after([other, convention()], next)).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putConvention", partnerId: partner, convention: next }],
    });
  });

  it("that is not signed yet changes nothing when it is saved again (T-19)", () => {
    expect(after([convention()], convention())).toEqual(UNCHANGED);
    expect(after([SIGNED], SIGNED)).toEqual(UNCHANGED);
  });

  it.each([{ fromMs: 11 }, { toMs: 21 }])(
    "whose period alone changes after its signature, %j, is saved with a note",
    (change) => {
      const next = { ...SIGNED, ...change };
      expect(after([SIGNED], next)).toEqual({
        outcome: "applied",
        notes: ["the period of convention C-1 changed after it was signed"],
        writes: [{ type: "putConvention", partnerId: partner, convention: next }],
      });
    },
  );

  it("was signed at one instant: another contradicts it, under the same reference too", () => {
    const next = { ...SIGNED, signature: { ...signature, atMs: 6 } };
    expect(after([SIGNED], next)).toEqual(
      refusal("CONTRADICTION", /signed under S-1: another signature needs another convention/),
    );
  });
});
