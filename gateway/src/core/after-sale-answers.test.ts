// What a terminal reads after a reversal, a capture or a refund: what moved, in its unit, and what is still possible.

import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import {
  type AfterSale,
  captureAnswer,
  refundAnswer,
  reversalAnswer,
} from "./after-sale-answers.js";

const receipt = {
  reference: "id",
  avantageLabel: "Spectacle",
  cardLastFour: "0007",
  channel: "NFC",
};
const made = (change: Partial<AfterSale>): AfterSale => ({
  code: "REVERSED",
  figures: {},
  avantage: "SPECTACLE",
  receipt,
  programme: TEST_PROGRAMME,
  nowMs: 7,
  ...change,
});
const cents = (value: number) => ({ unit: "EUR_CENT", value }) as const;

/** What an answer names without saying anything of it. */
const emptyMembers = (answer: object) =>
  Object.entries(answer).filter(([, value]) => value === undefined || value === null);

it("an answer has a member for what is known, and for nothing else", () => {
  const refused = (code: AfterSale["code"]) => made({ code, avantage: null, receipt: null });
  expect(emptyMembers(reversalAnswer("id", refused("ORIGINAL_NOT_FOUND")))).toEqual([]);
  expect(emptyMembers(captureAnswer("id", refused("NOTHING_TO_CAPTURE")))).toEqual([]);
  const ids = { id: "refund", of: "id" };
  expect(emptyMembers(refundAnswer(ids, refused("NOTHING_TO_REFUND")))).toEqual([]);
});

describe("a reversal's answer", () => {
  it("says what was given back, in its unit", () => {
    const returned = { unit: "COUPON", value: 2 } as const;
    const answer = reversalAnswer("id", made({ figures: { returned } }));
    expect(answer).toMatchObject({
      id: "id",
      outcome: "approved",
      code: "REVERSED",
      decidedAtMs: 7,
      returned,
      display: ["TRANSACTION ANNULEE", "2 COUPONS RENDUS"],
    });
  });

  it("names the avantage by its label, or by its code where the programme has none of it", () => {
    const figures = { returned: cents(600) };
    const messageOf = (avantage: string) =>
      reversalAnswer("id", made({ figures, avantage })).message;
    expect(messageOf("LICENCE")).toContain(`ton avantage ${ruleOf("LICENCE").label} a été`);
    expect(messageOf("FORMER")).toContain("ton avantage FORMER a été");
  });

  it("of a tombstone says nothing of a credit", () => {
    const answer = reversalAnswer("id", made({ avantage: null, receipt: null }));
    expect(answer).not.toHaveProperty("returned");
    expect(answer.display).toEqual(["TRANSACTION ANNULEE", ""]);
  });

  it("that comes too late is declined, with the way that is left", () => {
    expect(reversalAnswer("id", made({ code: "REVERSAL_TOO_LATE" }))).toMatchObject({
      outcome: "declined",
      code: "REVERSAL_TOO_LATE",
      display: ["ANNULATION TROP TARDIVE", "RECREDITER LA CARTE"],
    });
  });
});

describe("a capture's answer", () => {
  it("says what was taken, let go of, and left", () => {
    const figures = {
      amountCents: 400,
      taken: cents(400),
      released: cents(600),
      remaining: cents(2100),
    };
    expect(captureAnswer("id", made({ code: "CAPTURED", figures }))).toMatchObject({
      outcome: "approved",
      amountCents: 400,
      released: cents(600),
      remaining: cents(2100),
      avantage: "SPECTACLE",
      receipt,
      display: ["VENTE CONFIRMEE", "4,00 EUR"],
    });
  });

  it("says how many seats were taken, and what to collect for them", () => {
    const seats = { unit: "SEAT", value: 2 } as const;
    const figures = { quantity: 2, collectCents: 200, taken: seats, remaining: seats };
    expect(captureAnswer("id", made({ code: "CAPTURED", figures }))).toMatchObject({
      quantity: 2,
      collectCents: 200,
    });
  });

  it("that is refused tells what is held", () => {
    const figures = { available: cents(1000) };
    expect(captureAnswer("id", made({ code: "CAPTURE_OVER_HOLD", figures }))).toMatchObject({
      outcome: "declined",
      retry: "AMEND",
      available: cents(1000),
      display: ["PLUS QUE LA RESERVATION", "MAXIMUM 10,00 EUR"],
    });
  });
});

describe("a refund's answer", () => {
  const refunded = (figures: AfterSale["figures"]) =>
    refundAnswer({ id: "refund", of: "id" }, made({ code: "REFUNDED", figures }));

  it("names the sale, what came back, what can still come back, and until when it can be used", () => {
    const figures = { returned: cents(600), refundable: cents(300), date: "2023-06-30" };
    expect(refunded(figures)).toMatchObject({
      id: "refund",
      of: "id",
      returned: cents(600),
      refundable: cents(300),
      usableUntil: "2023-06-30",
      avantage: "SPECTACLE",
      receipt,
      display: ["CARTE RECREDITEE", "6,00 EUR RENDUS"],
    });
  });

  it("says where what came back can be used no more", () => {
    const figures = { returned: cents(600), date: "2023-06-30", notUsable: true };
    expect(refunded(figures).message).toContain("ne peut plus être utilisé");
  });

  it("of nothing that is left says so, and is not worth another try", () => {
    const figures = { available: cents(0) };
    const answer = refundAnswer(
      { id: "r", of: "id" },
      made({ code: "REFUND_OVER_CAPTURED", figures }),
    );
    expect(answer).toMatchObject({
      retry: "NO",
      display: ["DEJA RECREDITE", "RIEN DE PLUS A RENDRE"],
    });
  });
});
