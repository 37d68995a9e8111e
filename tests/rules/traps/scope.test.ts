// Traps of scope, cards and what is kept (T-10, T-12, T-43 to T-62), on the checked-in catalogue.

import { AuthorizationRequestSchema } from "@pass-tpe/protocol";
import { expect, it } from "vitest";
import { loadProgramme } from "../../../gateway/src/catalogue/programme.js";
import { authorizationAnswer } from "../../../gateway/src/core/answers.js";
import { decide } from "../../../gateway/src/core/decide.js";
import {
  ATTEMPT_ID,
  type CaseOptions,
  NOW_MS,
  nfcFacts,
  qrFacts,
  saleCase,
} from "../../support/builders.js";
import { catalogueData } from "../../support/programme.js";
import { at, CATALOGUE } from "../support/catalogue.js";
import {
  aLoadedCard,
  anApprenti,
  coupons,
  HOLDER,
  issue,
  LYCEE_AGENT,
  order,
  revocation,
  suspension,
  validation,
} from "../support/events.js";
import { openRegister, type Register, validated } from "../support/register.js";
import { verdict } from "../support/rule-check.js";

const PIN_BLOCK = { ksn: "123456789012345600000001", block: "1B9C1845EB993A7A0B3C4D5E6F708192" };

/** The answer as the till gets it. */
function answerTo(register: Register, options: CaseOptions = {}) {
  const { grants, suspensions } = register.file();
  const input = saleCase({
    programme: CATALOGUE,
    grants,
    suspensions,
    facts: qrFacts(),
    ...options,
  });
  return authorizationAnswer(input.request, decide(input), input);
}

it("T-10: a code secret on a tap is no request, on a scan and a typed number it is", () => {
  const isRequest = (evidence: object) =>
    AuthorizationRequestSchema.safeParse({ id: ATTEMPT_ID, avantage: "SPECTACLE", evidence })
      .success;
  const tap = { type: "nfc", message: "https://pass.example/t?e=00&m=00" };
  expect(isRequest(tap)).toBe(true);
  expect(isRequest({ ...tap, pinBlock: PIN_BLOCK })).toBe(false);
  expect(isRequest({ type: "nfc", identifier: "04A1B2C3", pinBlock: PIN_BLOCK })).toBe(false);
  expect(isRequest({ type: "qr", token: "PR1.P", pinBlock: PIN_BLOCK })).toBe(true);
});

it("T-12: an identifier is believed up to 30 €, a one-time message up to what is granted", () => {
  const register = validated(CATALOGUE, { track: "CAP", flags: ["MAJORATION_A"] });
  const tap = (generation: string, purchaseCents: number) =>
    verdict(
      register.decideSale("MANUELS_CREDIT", {
        purchaseCents,
        card: { generation },
        facts: generation === "SDM-1" ? nfcFacts() : { kind: "nfcIdentifier" },
      }),
    );
  expect([tap("ID-1", 3000), tap("ID-1", 3001)]).toEqual(["approved", "PIN_REQUIRED"]);
  expect(tap("SDM-1", 10_000)).toBe("approved");
});

it("T-43: a bon plan is no balance: it is shown without one and debits nothing", () => {
  const register = validated(CATALOGUE);
  const { avantages } = register.inquire({ avantage: "BON_PLAN" });
  expect(avantages).toEqual([
    { avantage: "BON_PLAN", label: "Bons plans", unit: "RECORD", state: "open" },
  ]);
  expect(register.sell("BON_PLAN").effects.map(({ type }) => type)).not.toContain("post");
});

it("T-44: the kiosque has no till: no kind of partner can take it, and nobody is granted anything", () => {
  const register = validated(CATALOGUE);
  expect(verdict(register.decideSale("KIOSQUE"))).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
  expect(register.grant("KIOSQUE")).toBeUndefined();
});

it("T-45: coupons come with a load, as a total, and none before", () => {
  const register = validated(CATALOGUE);
  const sale = (quantity: number) => verdict(register.decideSale("SANTE_COUPON", { quantity }));
  expect(sale(1)).toBe("COUPONS_EXHAUSTED");
  register.send(coupons(2));
  register.send(coupons(2));
  expect([sale(2), sale(3)]).toEqual(["approved", "COUPONS_EXHAUSTED"]);
});

it("T-46: a bookshop's sale draws on the avantage that it names and on no other", () => {
  const register = validated(CATALOGUE, { track: "CAP" });
  const sale = register.sell("LIVRES_LOISIR", { purchaseCents: 4000 });
  expect(sale.figures).toMatchObject({ amountCents: 1500, collectCents: 2500 });
  expect(register.grant("MANUELS_CREDIT")?.spent).toBe(0);
  const evidence = { type: "qr", token: "PR1.P" };
  const unnamed = { id: ATTEMPT_ID, evidence, purchaseCents: 4000 };
  expect(AuthorizationRequestSchema.safeParse(unnamed).success).toBe(false);
});

it("T-47: another level or track takes nothing away; a revocation does, and keeps the history", () => {
  const register = validated(CATALOGUE, { track: "CAP" });
  register.sell("MANUELS_CREDIT", { purchaseCents: 1200 });
  register.send(validation({ track: "GENERALE" }));
  const sale = () => register.decideSale("MANUELS_CREDIT", { purchaseCents: 9999 });
  expect(sale().figures.amountCents).toBe(3800);
  register.send(revocation(["MANUELS_CREDIT"]));
  expect(verdict(sale())).toBe("AVANTAGE_NOT_GRANTED");
  expect(register.grant("MANUELS_CREDIT")).toMatchObject({ spent: 1200, revoked: true });
});

it("T-48: the flag raises the book credit and the licence, and nothing else", () => {
  const pupil = { track: "CAP", level: "CAP_1", formation: "CAP_COIFFURE" };
  const amounts = (flags: readonly string[]) =>
    Object.fromEntries(
      validated(CATALOGUE, { ...pupil, flags })
        .file()
        .grants.map(({ avantage, amount }) => [avantage, amount]),
    );
  expect(amounts(["MAJORATION_A"])).toEqual({
    ...amounts([]),
    MANUELS_CREDIT: 10_000,
    LICENCE: 6000,
  });
});

it("T-49: a lost card is refused on every channel, and the balance follows to the new one", () => {
  const register = validated(CATALOGUE);
  register.send(issue("card-1"));
  register.sell("SPECTACLE", { purchaseCents: 2000 });
  register.send({ type: "card.withdrawn", beneficiary: HOLDER, cardId: "card-1", status: "LOST" });
  const lost = { status: "LOST", generation: "SDM-1" } as const;
  for (const facts of [nfcFacts(), qrFacts()]) {
    expect(verdict(register.decideSale("SPECTACLE", { card: lost, facts }))).toBe("CARD_LOST");
  }
  expect(verdict(register.decideSale("SPECTACLE", { card: lost }))).toBe("CARD_LOST");
  const card = aLoadedCard("card-2");
  register.send({ type: "card.replaced", beneficiary: HOLDER, replacedCardId: "card-1", card });
  const most = register.decideSale("SPECTACLE", { purchaseCents: 9999 });
  expect(most.figures.amountCents).toBe(1000);
  const back = register.send({ type: "card.restored", beneficiary: HOLDER, cardId: "card-1" });
  expect(back).toMatchObject({ outcome: "refused", code: "CONTRADICTION" });
});

it("T-50: the cashier gets first name and initial once the credential has passed, not before", () => {
  const register = validated(CATALOGUE);
  expect(answerTo(register).holder).toBe("Camille D.");
  expect(answerTo(register, { facts: qrFacts({ pin: null }) })).not.toHaveProperty("holder");
});

it("T-51: codes are plain ASCII words", () => {
  const { avantages, vocabulary, formations } = catalogueData();
  const codes = [...avantages, ...formations].map(({ code }) => code);
  for (const word of [...codes, ...Object.values(vocabulary).flat()]) {
    expect(word).toMatch(/^[A-Za-z0-9_]+$/);
  }
});

it("T-52: every formation of the catalogue is labelled invented", () => {
  const { formations } = catalogueData();
  expect(formations.length).toBeGreaterThan(0);
  for (const { invented } of formations) expect(invented).toMatch(/^T-52/);
});

it("T-53: on 7 June who holds a card buys a minute after the validation, a new one waits for it", () => {
  const newcomer = openRegister(CATALOGUE);
  newcomer.send(order(), at("2022-06-06T22:00:00Z"));
  const nine = at("2022-06-07T07:00:00Z");
  expect(newcomer.send(validation(), { ...nine, agent: LYCEE_AGENT }).outcome).toBe("applied");
  const nineOne = at("2022-06-07T07:01:00Z");
  const sale = (card: CaseOptions["card"]) =>
    verdict(newcomer.decideSale("MANUELS_GRATUITS", { ...nineOne, ...(card ? { card } : {}) }));
  newcomer.send({ type: "card.made", beneficiary: HOLDER, card: aLoadedCard() }, nine);
  expect(newcomer.file().cards).toMatchObject([{ status: "ORDERED" }]);
  expect(sale({ status: "ORDERED" })).toBe("CARD_NOT_ACTIVE");
  newcomer.send(issue(), nine);
  expect(newcomer.file().cards).toMatchObject([{ status: "ACTIVE" }]);
  expect(sale(undefined)).toBe("approved");
});

it("T-54: a part of a cent is no amount", () => {
  const register = validated(CATALOGUE);
  for (const purchaseCents of [0.5, 1000.01, Number.NaN]) {
    expect(verdict(register.decideSale("SPECTACLE", { purchaseCents }))).toBe("AMOUNT_INVALID");
  }
});

it("T-55: what is paid back is what was debited; seats go by a tariff", () => {
  const inEuros = [...CATALOGUE.avantages.values()].filter(({ unit }) => unit === "EUR_CENT");
  expect(inEuros.length).toBeGreaterThan(0);
  for (const { code, reimbursement } of inEuros) expect(reimbursement.by, code).toBe("debit");
  expect(CATALOGUE.avantages.get("CINEMA")?.reimbursement.by).toBe("tariff");
});

it("T-57: no flag is kept of a validation, and of a birth day what its window turns on", () => {
  const flags = ["MAJORATION_A", "MAJORATION_B", "MAJORATION_C"];
  const register = validated(CATALOGUE, anApprenti({ flags, birthDay: "2004-05-02" }));
  expect(register.grant("LICENCE")?.amount).toBe(6000);
  const kept = JSON.stringify(register.file());
  for (const word of ["MAJORATION", "2004-05-02", 'APPRENTI"', "flags", "birth"]) {
    expect(kept).not.toContain(word);
  }
  // What stays: of whom the age is right all along, nothing; of the others, the day on which it begins or ends.
  const ageOf = (birthDay: string) =>
    validated(CATALOGUE, anApprenti({ birthDay })).grant("APPRENTI_EQUIPEMENT")?.ageWindow;
  expect(ageOf("2004-05-02")).toBeNull();
  expect(ageOf("1997-03-02")?.toMs).toBe(Date.parse("2023-03-01T23:00:00Z"));
});

it("T-57: the rule of a raised book credit has one meaning only, and stays beside the amount", () => {
  const register = validated(CATALOGUE, { track: "CAP", flags: ["MAJORATION_A"] });
  expect(register.grant("MANUELS_CREDIT")).toMatchObject({ rule: "MANUELS_CREDIT/raised" });
  const reasons = ["MAJORATION_A", "MAJORATION_B"].map(
    (flag) => validated(CATALOGUE, { flags: [flag] }).grant("LICENCE")?.rule,
  );
  expect(reasons).toEqual(["LICENCE/raised", "LICENCE/raised"]);
});

it("T-58: of two cards of one person the newest is active and the older one replaced", () => {
  const register = validated(CATALOGUE);
  register.send(issue("card-1"));
  register.send(issue("card-2"));
  expect(register.file().cards.map(({ id, status }) => [id, status])).toEqual([
    ["card-1", "REPLACED"],
    ["card-2", "ACTIVE"],
  ]);
});

it("T-59: a code of another form is refused before the code secret is looked at", () => {
  const register = validated(CATALOGUE);
  const facts = qrFacts({ token: "malformed", tokenKind: null });
  const sale = register.decideSale("SPECTACLE", { facts });
  expect(verdict(sale)).toBe("QR_INVALID");
  expect(sale.effects.map(({ type }) => type)).not.toContain("setPinFailures");
});

it("T-60: what the till gets of an approval is no motive, no rule and the card's last four digits", () => {
  const pupil = { track: "CAP", flags: ["MAJORATION_A", "MAJORATION_C"] };
  const answer = answerTo(validated(CATALOGUE, pupil), { avantage: "LICENCE" });
  expect(answer.receipt?.cardLastFour).toBe("0007");
  const said = JSON.stringify(answer);
  expect(said).not.toMatch(/MAJORATION|LICENCE\/|combat|handicap|\d{16}/i);
});

it("T-60: a till cannot tell a suspension from a right that was never given", () => {
  const suspended = validated(CATALOGUE, { track: "CAP" });
  suspended.send(suspension(["MANUELS_CREDIT"]));
  const never = validated(CATALOGUE);
  const sale = { avantage: "MANUELS_CREDIT" };
  const answers = [answerTo(suspended, sale), answerTo(never, sale)];
  expect(answers[0]?.code).toBe("AVANTAGE_UNAVAILABLE");
  expect(answers[0]).toEqual(answers[1]);
});

it("T-62: a third campaign with a licence to fish is data alone", () => {
  const invented = "For tests.";
  const data = catalogueData();
  const days = { firstDay: "2023-09-01", lastDay: "2024-06-30" };
  const campaign = {
    code: "2023/2024",
    rules: [{ id: "2023_2024/SPORT", kind: "window", family: "SPORT", ...days, invented }],
  };
  const fishing = {
    code: "PECHE",
    label: "Carte de pêche",
    unit: "EUR_CENT",
    rules: [
      { id: "PECHE/window", kind: "window", family: "SPORT", invented },
      { id: "PECHE/base", kind: "grant", amount: 3000, invented },
      { id: "PECHE/at-club_sportif", kind: "partner", type: "CLUB_SPORTIF", invented },
      { id: "PECHE/reimbursed", kind: "reimbursed", by: "debit", invented },
    ],
  };
  const programme = loadProgramme({
    ...data,
    campaigns: [...data.campaigns, campaign],
    avantages: [...data.avantages, fishing],
  });
  const register = openRegister(programme);
  const autumn = at("2023-10-05T10:00:00Z");
  register.send(order({ campaign: "2023/2024" }), autumn);
  register.send(validation({}, "2023/2024"), autumn);
  const sale = { purchaseCents: 3500, ...autumn, partner: { agrements: ["PECHE"] } };
  const { figures } = register.decideSale("PECHE", sale);
  expect(figures).toMatchObject({ amountCents: 3000, collectCents: 500 });
  const early = { ...sale, nowMs: NOW_MS };
  expect(verdict(register.decideSale("PECHE", early))).toBe("WINDOW_NOT_OPEN");
});
