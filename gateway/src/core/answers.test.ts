// What a terminal gets of a decision: public code, texts and figures, each only where there is one.

import { PROOF_LIFETIME_MS } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { ATTEMPT_ID, aCard, NOW_MS, PROOF_REF, saleCase } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { authorizationAnswer, inquiryAnswer, refusedAsReversed } from "./answers.js";
import { BugError } from "./assert.js";
import { issueProof } from "./attempt.js";
import type { Decided } from "./decision.js";

const declined: Decided = {
  code: "WINDOW_CLOSED",
  approved: false,
  figures: { date: "2023-06-30" },
  credentialPassed: true,
  channel: "NFC",
  proofRef: null,
  avantages: [],
  reason: null,
  effects: [],
};

function answer(change: Partial<Decided>, avantage = "SPECTACLE") {
  const input = saleCase({ avantage, card: { lastFour: "4242" } });
  return authorizationAnswer(input.request, { ...declined, ...change }, input);
}

describe("a decline", () => {
  it("has no more than it needs", () => {
    expect(answer({})).toEqual({
      id: ATTEMPT_ID,
      outcome: "declined",
      code: "WINDOW_CLOSED",
      iso39: "57",
      display: ["AVANTAGE TERMINE", "UTILISABLE JUSQU'AU 30/06/2023"],
      display20: ["AVANTAGE TERMINE", "JUSQU'AU 30/06/2023"],
      message: "Cet avantage était utilisable jusqu'au 30/06/2023.",
      retry: "NO",
      decidedAtMs: NOW_MS,
      avantage: "SPECTACLE",
      holder: "Camille D.",
    });
  });

  it("says the case of its code, the time to wait, the proof and the other ways where there are any", () => {
    const avantages = [{ avantage: "MUSEE", label: "Musées", unit: "UNLIMITED", state: "open" }];
    expect(
      answer({
        code: "VELOCITY_LIMIT",
        reason: "EXPIRED",
        figures: { retryAfterMs: 5 },
        proofRef: PROOF_REF,
        avantages,
      }),
    ).toMatchObject({
      reason: "EXPIRED",
      retryAfterMs: 5,
      retry: "LATER",
      proofRef: PROOF_REF,
      usableHere: avantages,
    });
  });

  it("says until when its proof stands", () => {
    const effects = [issueProof(saleCase(), PROOF_REF)];
    const given = answer({ proofRef: PROOF_REF, effects });
    expect(given).toHaveProperty("proofExpiresAtMs", NOW_MS + PROOF_LIFETIME_MS);
  });

  it("names the ceiling", () => {
    const { display } = answer({ code: "AMOUNT_OVER_LIMIT", figures: { maxCents: 50_000 } });
    expect(display[1]).toBe("MAXIMUM 500,00 EUR");
  });

  it("names the tries that are left", () => {
    const { display } = answer({ code: "PIN_INCORRECT", figures: { triesLeft: 2 } });
    expect(display[1]).toBe("ENCORE 2 ESSAIS");
  });

  it("names what is available in text and figure", () => {
    const figures = { available: { unit: "EUR_CENT", value: 700 } } as const;
    expect(answer({ code: "INSUFFICIENT_BALANCE", figures })).toMatchObject({
      ...figures,
      display: ["SOLDE INSUFFISANT", "DISPONIBLE 7,00 EUR"],
    });
  });

  it("of a typed number warns of the other number on the card (T-17)", () => {
    const of = (channel: "KEYED" | "QR") =>
      answer({ code: "CARD_UNKNOWN", figures: {}, channel }).message;
    expect(of("KEYED")).toContain("pas le numéro de dossier");
    expect(of("QR")).not.toContain("dossier");
  });

  it("of a PIN that was never set says where to set it", () => {
    const { message } = answer({ code: "PIN_NOT_SET", figures: {} });
    expect(message).toContain(TEST_PROGRAMME.settings.accountUrl);
  });

  it("of an avantage that is not known can be told", () => {
    expect(answer({ code: "OPERATION_NOT_SUPPORTED", figures: {} }, "INCONNU")).toMatchObject({
      code: "OPERATION_NOT_SUPPORTED",
      avantage: "INCONNU",
    });
  });

  it("names nobody before the credential has passed", () => {
    expect(answer({ credentialPassed: false })).not.toHaveProperty("holder");
  });

  it("by a code of the terminal's own is a bug", () => {
    expect(() => answer({ code: "CARD_UNREADABLE", figures: {} })).toThrow(
      new BugError("CARD_UNREADABLE is not the gateway's to give"),
    );
  });
});

const RECEIPT = {
  reference: ATTEMPT_ID,
  avantageLabel: "Spectacles",
  cardLastFour: "4242",
  channel: "NFC",
};

describe("an approval", () => {
  const figures = {
    amountCents: 1200,
    collectCents: 600,
    remaining: { unit: "EUR_CENT", value: 0 },
  } as const;
  const approved = { approved: true, code: "APPROVED_PARTIAL", figures } as const;

  it("has what was taken, what is to be collected, what is left, and a receipt", () => {
    const given = answer(approved);
    expect(given).toMatchObject({ outcome: "approved", ...figures, receipt: RECEIPT });
    expect(given.message).toContain("Spectacles");
    expect(given.display).toEqual(["ACCEPTE PARTIEL 12,00 EUR", "RESTE A PAYER 6,00 EUR"]);
  });

  it("of seats says how many", () => {
    const seats = {
      quantity: 2,
      collectCents: 200,
      remaining: { unit: "SEAT", value: 3 },
    } as const;
    const given = answer({ ...approved, code: "APPROVED_SEATS", figures: seats }, "CINEMA");
    expect(given).toMatchObject({ ...seats, display: ["ACCEPTE 2 PLACES", "ENCAISSER 2,00 EUR"] });
    expect(given).not.toHaveProperty("amountCents");
  });

  it("of a record says the value that was declared", () => {
    const given = answer({ ...approved, code: "APPROVED_RECORD", figures: { declaredCents: 9 } });
    expect(given).toMatchObject({ declaredCents: 9 });
    for (const figure of ["amountCents", "quantity", "collectCents", "remaining", "available"]) {
      expect(given).not.toHaveProperty(figure);
    }
  });

  it.each<[string, Partial<Decided>, string]>([
    ["a decline", { approved: false }, "SPECTACLE"],
    ["a channel that is not known", { channel: null }, "SPECTACLE"],
    ["an avantage without a name", {}, "INCONNU"],
  ])("gives no receipt for %s", (_what, change, avantage) => {
    const record = { ...approved, code: "APPROVED_RECORD", figures: {} } as const;
    expect(answer({ ...record, ...change }, avantage)).not.toHaveProperty("receipt");
    expect(answer(record)).toHaveProperty("receipt");
  });

  it("gives no receipt without a card", () => {
    const input = saleCase({ card: null });
    const record = { ...declined, ...approved, code: "APPROVED_RECORD", figures: {} } as const;
    expect(authorizationAnswer(input.request, record, input)).not.toHaveProperty("receipt");
    const snapshot = { ...input.snapshot, card: aCard() };
    expect(authorizationAnswer(input.request, record, { ...input, snapshot })).toHaveProperty(
      "receipt",
    );
  });
});

describe("an inquiry's answer", () => {
  const inquiry = (change: Partial<Decided>) =>
    inquiryAnswer(
      "id",
      { ...declined, code: "INQUIRY_ANSWERED", approved: true, ...change },
      saleCase(),
    );

  it("shows the avantages, though there are none", () => {
    expect(inquiry({})).toMatchObject({ id: "id", outcome: "approved", avantages: [] });
    const avantages = [{ avantage: "MUSEE", label: "Musées", unit: "UNLIMITED", state: "open" }];
    expect(inquiry({ avantages }).avantages).toEqual(avantages);
  });

  it("of a typed number that is not known warns of the other number", () => {
    const unknown = { code: "CARD_UNKNOWN", approved: false, figures: {} } as const;
    expect(inquiry({ ...unknown, channel: "KEYED" }).message).toContain("numéro de dossier");
    expect(inquiry({ ...unknown, channel: "NFC" }).message).not.toContain("numéro de dossier");
  });
});

describe("a sale whose reversal came first", () => {
  it("is declined, under its own avantage", () => {
    const { request } = saleCase();
    expect(refusedAsReversed({ request, programme: TEST_PROGRAMME, nowMs: 7 })).toMatchObject({
      id: ATTEMPT_ID,
      outcome: "declined",
      code: "ALREADY_REVERSED",
      avantage: "SPECTACLE",
      decidedAtMs: 7,
    });
  });
});
