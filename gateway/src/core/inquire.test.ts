// An inquiry shows what this card can use here, debits nothing, and asks for the same credential as a sale.

import { describe, expect, it } from "vitest";
import {
  type CaseOptions,
  grantOf,
  inquiryCase,
  nfcFacts,
  PROOF_REF,
  pinFacts,
  qrFacts,
} from "../../../tests/support/builders.js";
import { inquiryAnswer } from "./answers.js";
import { inquire } from "./inquire.js";

function ask(options: CaseOptions = {}) {
  const input = inquiryCase(options);
  const decided = inquire(input);
  return { ...decided, answer: inquiryAnswer(input.request.id, decided, input) };
}

const at = (instant: string) => ({ nowMs: Date.parse(instant) });

describe("what an inquiry shows", () => {
  it("is every avantage of the holder that is accepted here, in the order of the catalogue", () => {
    const grants = [grantOf("SPECTACLE", { spent: 500 }), grantOf("CINEMA"), grantOf("LICENCE")];
    const { answer } = ask({ grants, partner: { agrements: ["SPECTACLE", "MUSEE", "CINEMA"] } });
    expect(answer.avantages).toEqual([
      {
        avantage: "CINEMA",
        label: "Cinéma",
        unit: "SEAT",
        state: "open",
        usableFrom: "2022-09-01",
        usableUntil: "2023-06-30",
        remaining: { unit: "SEAT", value: 5 },
      },
      expect.objectContaining({
        avantage: "SPECTACLE",
        remaining: { unit: "EUR_CENT", value: 2500 },
      }),
    ]);
  });

  it.each([
    ["before the window", "2022-08-01T10:00:00Z", { state: "notOpen", usableFrom: "2022-09-01" }],
    ["after it", "2023-08-01T10:00:00Z", { state: "closed", usableUntil: "2023-06-30" }],
  ])("%s is when, and not how much", (_when, instant, view) => {
    const { answer } = ask({ avantage: "SPECTACLE", ...at(instant) });
    expect(answer.avantages).toMatchObject([view]);
    expect(answer.avantages[0]).not.toHaveProperty("remaining");
  });

  it("of several grants yet to open is the one that opens first, in whatever order they are read", () => {
    const { window } = grantOf("SPECTACLE");
    const { toMs } = window;
    const next = { ...window, fromMs: toMs, firstDay: "2023-07-01", toMs: toMs + 10 };
    const later = { ...window, fromMs: toMs + 10, firstDay: "2024-07-01", toMs: toMs + 20 };
    const grants = [later, next].map((it, index) =>
      grantOf("SPECTACLE", { id: `g${index}`, window: it }),
    );
    for (const inSomeOrder of [grants, [...grants].reverse()]) {
      const { answer } = ask({ avantage: "SPECTACLE", grants: inSomeOrder, nowMs: toMs - 1 });
      expect(answer.avantages).toMatchObject([{ state: "notOpen", usableFrom: "2023-07-01" }]);
    }
  });

  it("is exhausted where nothing is left", () => {
    const grants = [grantOf("SPECTACLE", { spent: 3000 })];
    expect(ask({ avantage: "SPECTACLE", grants }).answer.avantages[0]?.state).toBe("exhausted");
  });

  it("is how much of the purchase would be covered", () => {
    const { answer } = ask({ avantage: "SPECTACLE", purchaseCents: 4000 });
    expect(answer.avantages).toMatchObject([{ coversCents: 3000, collectCents: 1000 }]);
    const seats = ask({ avantage: "CINEMA", quantity: 2 });
    expect(seats.answer.avantages).toMatchObject([{ coversQuantity: 2, collectCents: 200 }]);
  });

  it("promises no more seats than there are", () => {
    const { answer } = ask({ avantage: "CINEMA", quantity: 9 });
    expect(answer.avantages[0]).not.toHaveProperty("coversQuantity");
    expect(answer.avantages[0]?.remaining).toEqual({ unit: "SEAT", value: 5 });
  });

  it("of a record has no balance", () => {
    const { answer } = ask({ avantage: "MUSEE" });
    expect(answer.avantages).toMatchObject([{ avantage: "MUSEE", state: "open" }]);
    expect(answer.avantages[0]).not.toHaveProperty("remaining");
  });
});

describe("an inquiry", () => {
  it("debits nothing and hands out a proof, so that nobody taps twice", () => {
    const { answer, effects } = ask({ grants: [grantOf("SPECTACLE")] });
    expect(answer).toMatchObject({
      code: "INQUIRY_ANSWERED",
      proofRef: PROOF_REF,
      holder: "Camille D.",
    });
    expect(effects.map((effect) => effect.type).sort()).toEqual([
      "advanceCardCounter",
      "issueProof",
      "markDecided",
    ]);
  });

  it.each<[string, CaseOptions, string]>([
    ["an unknown avantage", { avantage: "INCONNU" }, "OPERATION_NOT_SUPPORTED"],
    ["a revoked terminal", { terminal: { status: "revoked" } }, "TERMINAL_NOT_AUTHORISED"],
    ["a false card", { facts: nfcFacts({ genuine: false }) }, "CARD_NOT_GENUINE"],
    ["a card without a PIN", { card: { pinSet: false } }, "PIN_NOT_SET"],
    ["a missing PIN", { facts: qrFacts({ pin: null }) }, "PIN_REQUIRED"],
    ["a wrong PIN", { facts: qrFacts({ pin: pinFacts({ matches: false }) }) }, "PIN_INCORRECT"],
  ])("is refused for %s, and then shows nothing", (_why, options, code) => {
    const { answer, code: precise } = ask(options);
    expect(precise).toBe(code);
    expect(answer.avantages).toEqual([]);
    expect(answer).not.toHaveProperty("holder");
    expect(answer).not.toHaveProperty("proofRef");
  });

  it.each<[string, CaseOptions, string]>([
    [
      "an avantage that is not accepted here",
      { avantage: "CINEMA", partner: { agrements: ["MUSEE"] } },
      "AVANTAGE_NOT_ACCEPTED_HERE",
    ],
    ["a wrong amount", { avantage: "SPECTACLE", purchaseCents: 0 }, "AMOUNT_INVALID"],
  ])("is refused for %s, and the tap still stands for the next try", (_why, options, code) => {
    const { answer, code: precise } = ask(options);
    expect(precise).toBe(code);
    expect(answer).toMatchObject({ avantages: [], proofRef: PROOF_REF });
    expect(answer).not.toHaveProperty("holder");
  });

  it("uses a try of the PIN like a sale", () => {
    const { effects } = ask({ facts: qrFacts({ pin: pinFacts({ matches: false }) }) });
    expect(effects).toContainEqual({ type: "setPinFailures", cardId: "card-1", from: 0, to: 1 });
  });

  it("about a record asks for no PIN that was never set", () => {
    expect(ask({ avantage: "MUSEE", card: { pinSet: false } }).code).toBe("INQUIRY_ANSWERED");
  });
});
