// A sale from end to end: what an approval changes, and what a decline offers instead.

import { describe, expect, it } from "vitest";
import {
  aConvention,
  type CaseOptions,
  grantOf,
  NOW_MS,
  PROOF_REF,
  pinFacts,
  programmeWith,
  qrFacts,
  saleCase,
} from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";

function sell(options: CaseOptions = {}) {
  const input = saleCase(options);
  const decided = authorize(input);
  return { ...decided, answer: authorizationAnswer(input.request, decided, input) };
}

const typesOf = ({ effects }: ReturnType<typeof sell>) => effects.map(({ type }) => type);

describe("an approval", () => {
  it("is the tap used up, the account's time moved on, and the debit", () => {
    expect(
      authorize(saleCase({ grants: [grantOf("SPECTACLE", { id: "g", spent: 500 })] })),
    ).toEqual({
      code: "APPROVED",
      approved: true,
      figures: {
        amountCents: 1000,
        collectCents: 0,
        remaining: { unit: "EUR_CENT", value: 1500 },
      },
      credentialPassed: true,
      channel: "NFC",
      proofRef: null,
      avantages: [],
      reason: null,
      effects: [
        { type: "advanceCardCounter", cardId: "card-1", from: 10, to: 11 },
        { type: "markDecided", accountId: "account-1", from: 0, to: NOW_MS },
        { type: "post", grantId: "g", units: 1000, spentBefore: 500 },
      ],
    });
  });

  it("after a wrong PIN gives the tries back", () => {
    const sale = sell({ facts: qrFacts(), card: { pinFailures: 1 } });
    expect(typesOf(sale)).toEqual(["advanceKsn", "markDecided", "setPinFailures", "post"]);
  });

  it.each([
    ["SPECTACLE", { purchaseCents: 3_000 }, "APPROVED"],
    ["SPECTACLE", { purchaseCents: 3_001 }, "APPROVED_PARTIAL"],
    ["CINEMA", { quantity: 1 }, "APPROVED_SEATS"],
    ["SANTE_COUPON", { quantity: 1 }, "APPROVED_COUPONS"],
    ["MUSEE", {}, "APPROVED_RECORD"],
    ["MANUELS_GRATUITS", {}, "APPROVED_RECORD"],
    ["BON_PLAN", {}, "APPROVED_RECORD"],
  ] as const)("of %s for %o is %s", (avantage, asked, code) => {
    expect(sell({ avantage, ...asked })).toMatchObject({ code, approved: true });
  });

  it("of a bon plan needs no grant and debits nothing (T-43)", () => {
    const sale = sell({ avantage: "BON_PLAN", grants: [] });
    expect(sale.code).toBe("APPROVED_RECORD");
    expect(typesOf(sale)).toEqual(["advanceCardCounter", "markDecided"]);
  });

  it("of a declared price for seats declares nothing", () => {
    const sale = sell({ avantage: "CINEMA", quantity: 1, purchaseCents: 800 });
    expect(sale.figures).not.toHaveProperty("declaredCents");
  });
});

describe("a tap of an identifier", () => {
  const identifier = (purchaseCents: number, more: CaseOptions = {}) =>
    sell({
      facts: { kind: "nfcIdentifier" },
      card: { generation: "2018" },
      grants: [grantOf("SPECTACLE", { amount: 9_000 })],
      purchaseCents,
      ...more,
    });

  it("takes up to its ceiling and counts what it took", () => {
    const sale = identifier(3_000);
    expect(sale.code).toBe("APPROVED");
    expect(sale.effects).toContainEqual({
      type: "noteTap",
      cardId: "card-1",
      from: null,
      to: { day: "2023-03-15", cents: 3_000 },
    });
  });

  it("asks for the code secret above it, by what is taken and not by the price", () => {
    expect(identifier(3_001)).toMatchObject({ code: "PIN_REQUIRED", credentialPassed: false });
    const grants = [grantOf("SPECTACLE", { amount: 2_000 })];
    expect(identifier(9_000, { grants })).toMatchObject({
      code: "APPROVED_PARTIAL",
      figures: { amountCents: 2_000 },
    });
  });

  it("changes nothing of the card when it is refused", () => {
    // But for the proof, on which the code secret may follow.
    expect(identifier(3_001).effects.map(({ type }) => type)).toEqual(["issueProof"]);
  });

  it("takes seats without a ceiling: nothing of them is counted in euros", () => {
    const more = { avantage: "CINEMA", quantity: 5, grants: [grantOf("CINEMA")] };
    const sale = identifier(9_000, more);
    expect(sale.code).toBe("APPROVED_SEATS");
    expect(typesOf(sale)).toEqual(["markDecided", "post"]);
  });
});

describe("the number of sales in a time", () => {
  const programme = programmeWith({ settings: { velocity: { salesMax: 1, withinMs: 60_000 } } });
  const recentSalesMs = [NOW_MS - 45_000];

  it("is told with the time to wait", () => {
    expect(sell({ programme, recentSalesMs }).answer).toMatchObject({
      code: "VELOCITY_LIMIT",
      retryAfterMs: 15_000,
      holder: "Camille D.",
    });
  });

  it("bounds no record", () => {
    expect(sell({ programme, recentSalesMs, avantage: "MUSEE" }).code).toBe("APPROVED_RECORD");
  });
});

describe("a decline of what the holder has", () => {
  const grants = [grantOf("SPECTACLE", { spent: 3_000 }), grantOf("CINEMA"), grantOf("MUSEE")];
  const partner = { agrements: ["SPECTACLE", "CINEMA", "MUSEE"] };

  it("offers the other avantages that can be used here, without another tap", () => {
    const { answer, effects } = sell({ grants, partner });
    expect(answer).toMatchObject({ code: "BALANCE_EXHAUSTED", proofRef: PROOF_REF });
    expect(answer.usableHere?.map(({ avantage, state }) => [avantage, state])).toEqual([
      ["CINEMA", "open"],
      ["MUSEE", "open"],
    ]);
    expect(effects.at(-1)).toMatchObject({ type: "issueProof", ref: PROOF_REF, channel: "NFC" });
  });

  it("gives the PIN's tries back all the same", () => {
    const sale = sell({ grants, partner, facts: qrFacts(), card: { pinFailures: 1 } });
    expect(sale.effects).toContainEqual({
      type: "setPinFailures",
      cardId: "card-1",
      from: 1,
      to: 0,
    });
  });

  it("of a record shows no balances: its tap asked for no PIN to exist", () => {
    const sale = sell({ avantage: "MUSEE", grants: [grantOf("CINEMA")], card: { pinSet: false } });
    expect(sale.code).toBe("AVANTAGE_NOT_GRANTED");
    expect(sale.answer).not.toHaveProperty("usableHere");
    expect(sale.answer).not.toHaveProperty("proofRef");
  });
});

describe("a decline of the credential", () => {
  it("keeps the count of a wrong PIN", () => {
    const sale = sell({ facts: qrFacts({ pin: pinFacts({ matches: false }) }) });
    expect(sale.effects).toEqual([
      { type: "advanceKsn", terminalId: "terminal-1", from: 6, to: 7 },
      { type: "setPinFailures", cardId: "card-1", from: 0, to: 1 },
    ]);
  });
});

describe("a convention that ended on 31 May 2022 (T-05)", () => {
  const conventions = [aConvention({ toMs: Date.parse("2022-05-31T22:00:00Z") })];
  const on = (instant: string, campaign: string, avantage = "SPECTACLE") =>
    sell({
      avantage,
      partner: { conventions },
      grants: [grantOf(avantage, { campaign })],
      nowMs: Date.parse(instant),
    });

  it("still carries the culture of 2021/2022 in June", () => {
    expect(on("2022-06-30T21:59:59Z", "2021/2022").code).toBe("APPROVED");
  });

  it("carries no textbook credit of 2022/2023, and says why to whoever must renew", () => {
    const { answer } = on("2022-06-15T10:00:00Z", "2022/2023", "MANUELS_CREDIT");
    expect(answer).toMatchObject({
      code: "CONVENTION_NOT_IN_FORCE",
      reason: "EXPIRED",
      holder: "Camille D.",
    });
  });

  it("carries nothing in July", () => {
    expect(on("2022-07-01T10:00:00Z", "2021/2022").answer).toMatchObject({
      code: "CONVENTION_NOT_IN_FORCE",
      reason: "EXPIRED",
    });
  });
});
