// Cards and the orders they come from: from order to issue, replacement, opposition, and what never comes back.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { CardStatus, Grant } from "../model.js";
import type { BeneficiaryEvent } from "./event.js";
import type { BeneficiaryFile, FiledAccount } from "./file.js";
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
    partnerTypes: ["SHOP"],
    partnerFlags: ["flag"],
  },
  campaigns: [
    {
      code: "2022/2023",
      rules: [
        rule("C/window", "window", { family: "SANTE", firstDay: null, lastDay: "2023-05-31" }),
        rule("C/orders", "ordersFrom", { day: "2022-06-07" }),
      ],
    },
  ],
  avantages: [
    {
      code: "PSC1",
      label: "PSC1",
      unit: "EUR_CENT",
      rules: [
        rule("PSC1/window", "window", { family: "SANTE" }),
        rule("PSC1/paid", "reimbursed", { by: "debit" }),
      ],
    },
  ],
  generations: [{ code: "2022", nfc: "sdm", invented: "test" }],
  settings: { accountUrl: "https://compte.example" },
});

const ACCOUNT: FiledAccount = {
  id: "a-1",
  holder: "Camille D.",
  etablissement: "lycee-1",
  charterAcceptedOn: "2022-06-10",
};
const GRANT: Grant = {
  id: "g-1",
  avantage: "PSC1",
  campaign: "2022/2023",
  unit: "EUR_CENT",
  amount: 6000,
  supplement: null,
  spent: 0,
  window: calendar.windowOfDays(null, "2023-05-31"),
  ageWindow: null,
  rule: "PSC1/all",
  revoked: false,
};

function loadOn(
  event: BeneficiaryEvent,
  file: Partial<BeneficiaryFile> = {},
  nowMs = Date.parse("2022-09-15T10:00:00Z"),
) {
  return load({
    event,
    agent: { id: "op", role: "operator", etablissement: null },
    file: {
      account: ACCOUNT,
      cards: [],
      grants: [GRANT],
      suspensions: [],
      cardTaken: false,
      ...file,
    },
    nowMs,
    programme,
    calendar,
  });
}

const filed = (id: string, status: CardStatus) => ({
  id,
  status,
  generation: "2022",
  lastFour: "0007",
});
const card = (id: string, generation = "2022") => ({
  id,
  generation,
  lastFour: "0007",
  numberIndex: new Uint8Array(),
  numberEncrypted: new Uint8Array(),
  identifierIndex: null,
});
const beneficiary = "a-1";
const issue = (id: string) =>
  ({ type: "card.issued", beneficiary, card: card(id) }) satisfies BeneficiaryEvent;
const make = (id: string) =>
  ({ type: "card.made", beneficiary, card: card(id) }) satisfies BeneficiaryEvent;
const replace = (replacedCardId: string, id: string) =>
  ({
    type: "card.replaced",
    beneficiary,
    replacedCardId,
    card: card(id),
  }) satisfies BeneficiaryEvent;
const becomes = (cardId: string, from: CardStatus, to: CardStatus) => ({
  type: "setCardStatus",
  cardId,
  from,
  to,
});
const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});

describe("an order", () => {
  const order = (change: Partial<Extract<BeneficiaryEvent, { type: "card.ordered" }>> = {}) =>
    ({
      type: "card.ordered",
      beneficiary,
      holder: "Camille D.",
      etablissement: "lycee-1",
      campaign: "2022/2023",
      charterAcceptedOn: "2022-06-10",
      ...change,
    }) satisfies BeneficiaryEvent;

  it("makes an account", () => {
    expect(loadOn(order(), { account: null })).toMatchObject({
      outcome: "applied",
      writes: [{ type: "putAccount", account: ACCOUNT }],
    });
  });

  it("without the charter comes too early", () => {
    expect(loadOn(order({ charterAcceptedOn: null }))).toEqual(refusal("OUT_OF_ORDER", /charter/));
  });

  it.each([
    ["2022-06-06T21:59:59.999Z", "refused"],
    ["2022-06-06T22:00:00.000Z", "applied"],
    ["2023-05-31T21:59:59.999Z", "applied"],
    ["2023-05-31T22:00:00.000Z", "refused"],
  ])("at %s is %s: from 7 June to the end of the campaign", (at, outcome) => {
    expect(loadOn(order(), { account: null }, Date.parse(at)).outcome).toBe(outcome);
  });

  it("before orders open is told from when", () => {
    expect(loadOn(order(), {}, Date.parse("2022-06-01T10:00:00Z"))).toEqual(
      refusal("OUTSIDE_CAMPAIGN", /orders .*2022-06-07/),
    );
  });

  it.each([
    ["name", order({ holder: "Alex B." }), /name/],
    ["établissement", order({ etablissement: "lycee-2" }), /moved/],
  ])("with another %s than on record contradicts it", (_what, event, detail) => {
    const refused = loadOn(event);
    expect(refused).toEqual(refusal("CONTRADICTION", detail));
    expect(JSON.stringify(refused)).not.toMatch(/Camille|Alex/);
  });

  it("fills in what an account that was taken over lacks", () => {
    const account = { ...ACCOUNT, etablissement: null, charterAcceptedOn: null };
    expect(loadOn(order(), { account })).toMatchObject({ writes: [{ account: ACCOUNT }] });
  });

  it("keeps the latest acceptance of the charter, in whatever order they arrive", () => {
    const later = order({ charterAcceptedOn: "2023-01-05" });
    expect(loadOn(later)).toMatchObject({
      writes: [{ account: { charterAcceptedOn: "2023-01-05" } }],
    });
    const account = { ...ACCOUNT, charterAcceptedOn: "2023-01-05" };
    expect(loadOn(order(), { account }).outcome).toBe("unchanged");
  });
});

describe("a card that is made", () => {
  it("is ordered, not active", () => {
    expect(loadOn(make("c-1"))).toMatchObject({
      writes: [{ type: "putCard", accountId: "a-1", status: "ORDERED" }],
    });
  });

  it("changes nothing when the card went its way since", () => {
    expect(loadOn(make("c-1"), { cards: [filed("c-1", "LOST")] }).outcome).toBe("unchanged");
  });
});

describe("a card that is issued", () => {
  it("becomes active, made before or not", () => {
    expect(loadOn(issue("c-1"))).toMatchObject({
      writes: [{ type: "putCard", status: "ACTIVE" }],
    });
    expect(loadOn(issue("c-1"), { cards: [filed("c-1", "ORDERED")] })).toMatchObject({
      writes: [becomes("c-1", "ORDERED", "ACTIVE")],
    });
  });

  it.each<[string, Partial<BeneficiaryFile>]>([
    ["a charter", { account: { ...ACCOUNT, charterAcceptedOn: null } }],
    ["a validation", { grants: [] }],
    ["a validation that stands", { grants: [{ ...GRANT, revoked: true }] }],
    ["a validation, beside an aid of its own", { grants: [{ ...GRANT, campaign: null }] }],
  ])("needs %s first", (_what, file) => {
    expect(loadOn(issue("c-1"), file)).toMatchObject({ outcome: "refused", code: "OUT_OF_ORDER" });
  });

  it.each<CardStatus>(["BLOCKED", "LOST", "STOLEN", "REPLACED", "EXPIRED"])(
    "is not brought back from %s",
    (status) => {
      expect(loadOn(issue("c-1"), { cards: [filed("c-1", status)] })).toEqual(
        refusal("CONTRADICTION", new RegExp(status)),
      );
    },
  );

  it("takes the place of the one that was active (T-58)", () => {
    const cards = [filed("c-1", "ACTIVE"), filed("c-0", "LOST")];
    expect(loadOn(issue("c-2"), { cards })).toMatchObject({
      notes: [expect.stringMatching(/c-1/)],
      writes: [{ type: "putCard" }, becomes("c-1", "ACTIVE", "REPLACED")],
    });
  });
});

describe("a card that comes in", () => {
  it.each([make("c-1"), issue("c-1"), replace("c-0", "c-1")])(
    "by $type is refused when another has it, or the programme has no such generation",
    (event) => {
      const cards = [filed("c-0", "ACTIVE")];
      expect(loadOn(event, { cards, cardTaken: true })).toEqual(
        refusal("CONTRADICTION", /another person/),
      );
      expect(loadOn({ ...event, card: card("c-1", "1990") }, { cards })).toEqual(
        refusal("NOT_IN_PROGRAMME", /1990/),
      );
      const other = { ...filed("c-1", "ORDERED"), lastFour: "9999" };
      expect(loadOn(event, { cards: [...cards, other] })).toEqual(
        refusal("CONTRADICTION", /another number/),
      );
    },
  );
});

describe("a replacement", () => {
  it.each<CardStatus>(["ORDERED", "ACTIVE", "BLOCKED", "LOST", "STOLEN", "EXPIRED"])(
    "of a card that is %s puts the new one in its place (T-49)",
    (status) => {
      expect(loadOn(replace("c-1", "c-2"), { cards: [filed("c-1", status)] })).toMatchObject({
        notes: [],
        writes: [becomes("c-1", status, "REPLACED"), { type: "putCard", status: "ACTIVE" }],
      });
    },
  );

  it("replaces any other active card too (T-58)", () => {
    const cards = [filed("c-1", "LOST"), filed("c-2", "ORDERED"), filed("c-3", "ACTIVE")];
    expect(loadOn(replace("c-1", "c-2"), { cards })).toMatchObject({
      notes: [expect.stringMatching(/c-3/)],
      writes: [
        becomes("c-1", "LOST", "REPLACED"),
        becomes("c-2", "ORDERED", "ACTIVE"),
        becomes("c-3", "ACTIVE", "REPLACED"),
      ],
    });
  });

  it.each([
    ["a card that is not the person's", replace("c-9", "c-2"), "UNKNOWN_SUBJECT", /c-9/],
    ["a card by itself", replace("c-1", "c-1"), "CONTRADICTION", /itself/],
    ["a card that was replaced by another", replace("c-0", "c-2"), "CONTRADICTION", /c-0/],
  ])("of %s is refused", (_what, event, code, detail) => {
    const cards = [filed("c-1", "ACTIVE"), filed("c-0", "REPLACED")];
    expect(loadOn(event, { cards })).toEqual(refusal(code, detail));
  });
});

describe("a report on a card", () => {
  const withdraw = (status: "LOST" | "STOLEN" | "BLOCKED" | "EXPIRED") =>
    ({ type: "card.withdrawn", beneficiary, cardId: "c-1", status }) satisfies BeneficiaryEvent;
  const on = (status: CardStatus) => ({ cards: [filed("c-1", status)] });

  it.each<[CardStatus, "LOST" | "STOLEN" | "BLOCKED" | "EXPIRED"]>([
    ["ORDERED", "LOST"],
    ["ACTIVE", "BLOCKED"],
    ["ACTIVE", "STOLEN"],
    ["BLOCKED", "LOST"],
    ["LOST", "STOLEN"],
    ["STOLEN", "LOST"],
    ["LOST", "EXPIRED"],
  ])("takes it from %s to %s", (from, to) => {
    expect(loadOn(withdraw(to), on(from))).toMatchObject({ writes: [becomes("c-1", from, to)] });
  });

  it.each<[CardStatus, "LOST" | "BLOCKED", string]>([
    ["REPLACED", "LOST", "OUT_OF_ORDER"],
    ["EXPIRED", "LOST", "OUT_OF_ORDER"],
    ["ORDERED", "BLOCKED", "OUT_OF_ORDER"],
    ["LOST", "BLOCKED", "CONTRADICTION"],
    ["STOLEN", "BLOCKED", "CONTRADICTION"],
  ])("does not take it from %s to %s", (from, to, code) => {
    expect(loadOn(withdraw(to), on(from))).toEqual(refusal(code, new RegExp(from)));
  });

  it("that the person does not have is refused", () => {
    expect(loadOn(withdraw("LOST"))).toEqual(refusal("UNKNOWN_SUBJECT", /c-1/));
  });

  const restore = { type: "card.restored", beneficiary, cardId: "c-1" } as const;

  it("is undone from BLOCKED", () => {
    expect(loadOn(restore, on("BLOCKED"))).toMatchObject({
      writes: [becomes("c-1", "BLOCKED", "ACTIVE")],
    });
  });

  it.each<[CardStatus, string]>([
    ["LOST", "CONTRADICTION"],
    ["STOLEN", "CONTRADICTION"],
    ["REPLACED", "CONTRADICTION"],
    ["EXPIRED", "CONTRADICTION"],
    ["ORDERED", "OUT_OF_ORDER"],
  ])("is not undone from %s (T-49)", (status, code) => {
    expect(loadOn(restore, on(status))).toMatchObject({ outcome: "refused", code });
  });

  it("is not undone beside another active card (T-58)", () => {
    const cards = [filed("c-1", "BLOCKED"), filed("c-2", "ACTIVE")];
    expect(loadOn(restore, { cards })).toEqual(refusal("CONTRADICTION", /c-2/));
  });
});
