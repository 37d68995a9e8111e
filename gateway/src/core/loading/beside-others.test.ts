// An event about one of several things on record: it changes that one, and a refusal names what must come first.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import * as calendar from "../../catalogue/civil-dates.js";
import type { CardStatus } from "../model.js";
import type { BeneficiaryEvent, LoadedCard } from "./event.js";
import type { BeneficiaryFile, FiledCard, FiledSuspension } from "./file.js";
import { load } from "./load.js";

const NOW_MS = Date.parse("2022-10-15T10:00:00Z");
const beneficiary = "a-1";
const campaign = "2022/2023";
const GENERATION = "2022";

function loadOn(event: BeneficiaryEvent, file: Partial<BeneficiaryFile> = {}) {
  const role = event.type.startsWith("suspension.") ? "region" : "operator";
  const account = {
    id: beneficiary,
    holder: "Camille D.",
    etablissement: "lycee-1",
    charterAcceptedOn: "2022-06-10",
  };
  return load({
    event,
    agent: { id: "agent", role, etablissement: null },
    file: { account, cards: [], grants: [], suspensions: [], cardTaken: false, ...file },
    nowMs: NOW_MS,
    programme: TEST_PROGRAMME,
    calendar,
  });
}

const cardOf = (id: string, change: Partial<LoadedCard> = {}): LoadedCard => ({
  id,
  generation: GENERATION,
  lastFour: "0007",
  numberIndex: new Uint8Array(),
  numberEncrypted: new Uint8Array(),
  identifierIndex: null,
  ...change,
});
const filed = (id: string, status: CardStatus, change: Partial<FiledCard> = {}): FiledCard => ({
  id,
  status,
  generation: GENERATION,
  lastFour: "0007",
  ...change,
});
const issue = (id: string) => ({ type: "card.issued", beneficiary, card: cardOf(id) }) as const;
const replace = (replacedCardId: string, id: string) =>
  ({ type: "card.replaced", beneficiary, replacedCardId, card: cardOf(id) }) as const;
const withdraw = (cardId: string, status: "LOST" | "EXPIRED") =>
  ({ type: "card.withdrawn", beneficiary, cardId, status }) as const;
const restore = (cardId: string) => ({ type: "card.restored", beneficiary, cardId }) as const;
const becomes = (cardId: string, from: CardStatus, to: CardStatus) => ({
  type: "setCardStatus",
  cardId,
  from,
  to,
});

const UNCHANGED = { outcome: "unchanged", notes: [], writes: [] };
const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});

describe("one card of several", () => {
  it("is withdrawn alone", () => {
    const cards = [filed("c-1", "REPLACED"), filed("c-2", "ACTIVE")];
    expect(loadOn(withdraw("c-2", "LOST"), { cards })).toMatchObject({
      writes: [becomes("c-2", "ACTIVE", "LOST")],
    });
  });

  it("that was reported stolen expires like any other", () => {
    expect(loadOn(withdraw("c-1", "EXPIRED"), { cards: [filed("c-1", "STOLEN")] })).toMatchObject({
      writes: [becomes("c-1", "STOLEN", "EXPIRED")],
    });
  });

  it.each<[CardStatus, string, RegExp]>([
    ["ORDERED", "OUT_OF_ORDER", /^card c-1 is not issued: card\.issued must come first$/],
    ["LOST", "CONTRADICTION", /^card c-1 is LOST and never .*: card\.replaced brings another$/],
  ])("is not restored from %s, and the refusal says what helps", (status, code, detail) => {
    expect(loadOn(restore("c-1"), { cards: [filed("c-1", status)] })).toEqual(
      refusal(code, detail),
    );
  });

  it("that is issued already is issued again without a change, its grants revoked since (T-19)", () => {
    const grants = [grantOf("LICENCE", { revoked: true })];
    expect(loadOn(issue("c-1"), { cards: [filed("c-1", "ACTIVE")], grants })).toEqual(UNCHANGED);
  });

  it("is not issued before the validation, and the refusal says so", () => {
    expect(loadOn(issue("c-1"))).toEqual(
      refusal("OUT_OF_ORDER", /beneficiary\.validated must come before card\.issued/),
    );
  });

  it.each<[string, Partial<FiledCard>]>([
    ["generation", { generation: "2018" }],
    ["number", { lastFour: "9999" }],
  ])("is not issued under another %s than it was made with", (_what, change) => {
    const cards = [filed("c-1", "ORDERED", change)];
    expect(loadOn(issue("c-1"), { cards, grants: [grantOf("LICENCE")] })).toEqual(
      refusal("CONTRADICTION", /c-1 is on record with another number or generation/),
    );
  });

  it("takes another's place though it is active already, and no third card is touched (T-58)", () => {
    const cards = [filed("c-0", "STOLEN"), filed("c-1", "LOST"), filed("c-2", "ACTIVE")];
    expect(loadOn(replace("c-1", "c-2"), { cards })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [becomes("c-1", "LOST", "REPLACED")],
    });
  });

  it("that was lost itself takes nobody's place (T-49)", () => {
    const cards = [filed("c-1", "ACTIVE"), filed("c-2", "LOST")];
    expect(loadOn(replace("c-1", "c-2"), { cards })).toEqual(
      refusal("CONTRADICTION", /^card c-2 is LOST: it is not issued again/),
    );
  });
});

describe("one suspension of several", () => {
  const decided = (id: string, avantages: readonly string[] | "ALL") =>
    ({
      type: "suspension.decided",
      beneficiary,
      suspension: id,
      campaign,
      avantages,
      decisionRef: "D-1",
    }) satisfies BeneficiaryEvent;
  const onRecord = (id: string, avantages: readonly string[] | "ALL"): FiledSuspension => ({
    id,
    campaign,
    avantages,
    decisionRef: "D-1",
    decidedAtMs: NOW_MS,
    liftedAtMs: null,
  });

  it("is decided beside another", () => {
    const suspensions = [onRecord("s-1", ["CINEMA"])];
    expect(loadOn(decided("s-2", ["LICENCE"]), { suspensions })).toMatchObject({
      writes: [{ type: "putSuspension", suspension: { id: "s-2", avantages: ["LICENCE"] } }],
    });
  });

  it("of everything is the same as itself, and as no list", () => {
    const suspensions = [onRecord("s-1", "ALL")];
    expect(loadOn(decided("s-1", "ALL"), { suspensions })).toEqual(UNCHANGED);
    expect(loadOn(decided("s-1", ["CINEMA"]), { suspensions })).toEqual(
      refusal("CONTRADICTION", /s-1/),
    );
  });

  it("is lifted alone", () => {
    const lift = {
      type: "suspension.lifted",
      beneficiary,
      suspension: "s-2",
      decisionRef: "D-2",
    } as const;
    const suspensions = [onRecord("s-1", ["CINEMA"]), onRecord("s-2", ["LICENCE"])];
    expect(loadOn(lift, { suspensions })).toMatchObject({
      writes: [{ type: "liftSuspension", suspensionId: "s-2" }],
    });
  });
});

describe("one grant of several", () => {
  const fulfilled = (commitment: string, proofs: readonly string[]) =>
    ({ type: "commitment.fulfilled", beneficiary, commitment, proofs }) satisfies BeneficiaryEvent;
  const JSP = fulfilled("JSP", ["BREVET_JSP"]);
  const own = grantOf("PERMIS_B", {
    id: `${beneficiary}/PERMIS_B/1`,
    campaign: null,
    amount: 20_000,
    window: calendar.windowOfMonths(NOW_MS, 24),
  });

  it("is what a commitment raises, without a note, and no grant of another avantage", () => {
    expect(loadOn(JSP, { grants: [grantOf("LICENCE"), own] })).toMatchObject({
      notes: [],
      writes: [{ type: "raiseGrant", grantId: own.id, amountBefore: 20_000, amount: 50_000 }],
    });
    expect(loadOn(JSP, { grants: [grantOf("LICENCE")] })).toMatchObject({
      notes: [],
      writes: [{ type: "putGrant", grant: { id: own.id, avantage: "PERMIS_B" } }],
    });
  });

  it("is where coupons are loaded", () => {
    const coupons = grantOf("SANTE_COUPON", { amount: 0 });
    const event = {
      type: "coupons.loaded",
      beneficiary,
      campaign,
      avantage: "SANTE_COUPON",
      count: 3,
    } as const;
    expect(loadOn(event, { grants: [grantOf("LICENCE"), coupons] })).toMatchObject({
      writes: [{ type: "raiseGrant", grantId: coupons.id, amountBefore: 0, amount: 3 }],
    });
    expect(loadOn({ ...event, avantage: "NONE" })).toEqual(
      refusal("NOT_IN_PROGRAMME", /^the programme has no avantage NONE$/),
    );
  });

  it("is revoked while a note names the other, which is not there", () => {
    const revoked = (avantages: readonly string[], code: string | null) =>
      ({ type: "grants.revoked", beneficiary, campaign: code, avantages }) as const;
    const grants = [grantOf("LICENCE")];
    expect(loadOn(revoked(["LICENCE", "CINEMA"], campaign), { grants })).toMatchObject({
      notes: ["a-1 has no CINEMA in 2022/2023: nothing to revoke"],
      writes: [{ type: "setGrantRevoked", revoked: true }],
    });
    expect(loadOn(revoked(["PERMIS_B"], null), { grants })).toEqual({
      ...UNCHANGED,
      notes: ["a-1 has no PERMIS_B in no campaign: nothing to revoke"],
    });
  });

  it("of a commitment is not given before its proofs, and the refusal names each of them", () => {
    expect(loadOn(fulfilled("SPV", []))).toEqual(
      refusal("OUT_OF_ORDER", /^SPV needs BREVET_JSP and ENGAGEMENT_SPV: show it first$/),
    );
    expect(loadOn(fulfilled("GSP", []))).toEqual(
      refusal("NOT_IN_PROGRAMME", /^the programme has no commitment GSP$/),
    );
  });
});

describe("somebody of whom nothing is on record", () => {
  const lifted = { type: "suspension.lifted", suspension: "s-1", decisionRef: "D-2" } as const;

  it.each<BeneficiaryEvent>([
    issue("c-1"),
    replace("c-0", "c-1"),
    withdraw("c-1", "LOST"),
    restore("c-1"),
    { ...lifted, beneficiary },
  ])("must order a card first: $type", (event) => {
    expect(loadOn(event, { account: null })).toEqual(
      refusal(
        "UNKNOWN_SUBJECT",
        /^no beneficiary a-1 is on record: card\.ordered must come first$/,
      ),
    );
  });
});
