// An inquiry shows what this card can use here, debits nothing, and asks for the same credential as a sale.

import { describe, expect, it } from "vitest";
import {
  aConvention,
  type CaseOptions,
  grantOf,
  inquiryCase,
  nfcFacts,
  PROOF_REF,
  pinFacts,
  programmeWith,
  qrFacts,
  ruleOf,
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

  it("of a quantity alone is checked, and of nothing is not", () => {
    expect(ask({ avantage: "SPECTACLE", quantity: 1 }).code).toBe("AMOUNT_INVALID");
    expect(ask({ avantage: "CINEMA", quantity: 0 }).code).toBe("QUANTITY_INVALID");
    expect(ask({ avantage: "CINEMA" }).code).toBe("INQUIRY_ANSWERED");
  });

  it("about all, a price that only some can use leaves the others as they are", () => {
    const grants = [grantOf("SPECTACLE"), grantOf("CINEMA")];
    const partner = { agrements: ["SPECTACLE", "CINEMA"] };
    const { answer } = ask({ grants, partner, purchaseCents: 500 });
    expect(answer.avantages.map(({ coversCents }) => coversCents)).toEqual([undefined, 500]);
  });

  it("leaves out what is suspended, what was revoked and what an ended convention does not carry", () => {
    const grants = [
      grantOf("SPECTACLE"),
      grantOf("CINEMA", { revoked: true }),
      grantOf("LIVRES_LOISIR"),
    ];
    const suspensions = [{ id: "s-1", campaign: "2022/2023", avantages: ["SPECTACLE"] }];
    const partner = { agrements: ["SPECTACLE", "CINEMA", "LIVRES_LOISIR"] };
    const { answer } = ask({ grants, suspensions, partner });
    expect(answer.avantages.map(({ avantage }) => avantage)).toEqual(["LIVRES_LOISIR"]);
  });

  it("at a partner whose convention ended is what the grace carries (T-05)", () => {
    const conventions = [aConvention({ toMs: Date.parse("2022-05-31T22:00:00Z") })];
    const grants = [grantOf("SPECTACLE", { campaign: "2021/2022" }), grantOf("MANUELS_CREDIT")];
    const { answer } = ask({ grants, partner: { conventions }, ...at("2022-06-15T10:00:00Z") });
    expect(answer.avantages.map(({ avantage }) => avantage)).toEqual(["SPECTACLE"]);
  });

  it("is nothing at a partner that may take nothing", () => {
    const { answer, code } = ask({ partner: { agrements: [] }, card: { pinSet: false } });
    expect([code, answer.avantages]).toEqual(["INQUIRY_ANSWERED", []]);
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
      outcome: "approved",
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
    ["a late request", { waitedMs: 4000 }, "DEADLINE_PASSED"],
    ["an ended convention", { partner: { conventions: [] } }, "CONVENTION_NOT_IN_FORCE"],
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

  it("says why no convention is in force", () => {
    expect(ask({ partner: { conventions: [] } }).answer.reason).toBe("NOT_SIGNED");
  });

  it("by a PIN that is right after errors gives all tries back", () => {
    const { effects } = ask({ facts: qrFacts(), card: { pinFailures: 2 } });
    expect(effects.map(({ type }) => type)).toEqual([
      "advanceKsn",
      "markDecided",
      "setPinFailures",
      "issueProof",
    ]);
  });

  it("is refused on a channel that is closed to the avantage, and shows nothing by it", () => {
    const programme = programmeWith({ rules: [ruleOf("CINEMA", { channels: ["WEB"] })] });
    expect(ask({ avantage: "CINEMA", programme }).code).toBe("CHANNEL_NOT_ALLOWED");
    const grants = [grantOf("SPECTACLE"), grantOf("CINEMA")];
    const { answer } = ask({ grants, programme, partner: { agrements: ["SPECTACLE", "CINEMA"] } });
    expect(answer.avantages.map(({ avantage }) => avantage)).toEqual(["SPECTACLE"]);
  });

  it("uses a try of the PIN like a sale", () => {
    const { effects } = ask({ facts: qrFacts({ pin: pinFacts({ matches: false }) }) });
    expect(effects).toContainEqual({ type: "setPinFailures", cardId: "card-1", from: 0, to: 1 });
  });

  it("about records alone asks for no PIN that was never set", () => {
    const card = { pinSet: false };
    expect(ask({ avantage: "MUSEE", card }).code).toBe("INQUIRY_ANSWERED");
    expect(ask({ partner: { agrements: ["MUSEE"] }, card }).code).toBe("INQUIRY_ANSWERED");
    expect(ask({ partner: { agrements: ["MUSEE", "CINEMA"] }, card }).code).toBe("PIN_NOT_SET");
  });
});
