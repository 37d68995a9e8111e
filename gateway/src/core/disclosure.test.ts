// What a till may learn of a holder, and when: nothing before the credential has passed, never a motive.

import { describe, expect, it } from "vitest";
import { grantOf, saleCase } from "../../../tests/support/builders.js";
import {
  BEFORE_ANY_CARD,
  type Fault,
  OF_THE_CREDENTIAL,
  OF_THE_RIGHTS,
  type Presentation,
  saleWith,
} from "../../../tests/support/sale-faults.js";
import { authorizationAnswer } from "./answers.js";
import type { DecideInput } from "./attempt.js";
import { authorize } from "./authorize.js";
import type { SaleRequest } from "./decision.js";

const { falseMessage, ...byCode } = OF_THE_CREDENTIAL;
const { unknownCard, lostCard, pinNeverSet } = byCode;
const { aboveCeiling, ...rights } = OF_THE_RIGHTS;
const before = Object.values(BEFORE_ANY_CARD);
const CHAINS: readonly { readonly by: Presentation; readonly refused: readonly Fault[] }[] = [
  { by: "qr", refused: [...before, ...Object.values(byCode)] },
  { by: "nfc", refused: [...before, falseMessage, unknownCard, lostCard, pinNeverSet] },
];

function answerTo(input: DecideInput<SaleRequest>) {
  const decided = authorize(input);
  return { decided, answer: authorizationAnswer(input.request, decided, input) };
}

const PERSONAL = ["holder", "available", "remaining", "usableHere", "receipt", "declaredCents"];

describe.each(CHAINS)("before the credential by $by", ({ by, refused }) => {
  it.each(refused)("$code says nothing of the holder, whatever the rights", (fault) => {
    const plain = answerTo(saleWith(by, fault));
    expect(plain.decided.credentialPassed).toBe(false);
    for (const personal of PERSONAL) expect(plain.answer).not.toHaveProperty(personal);
    for (const right of Object.values(rights)) {
      expect(answerTo(saleWith(by, fault, right)).answer, right.what).toEqual(plain.answer);
    }
  });
});

describe("once the credential has passed", () => {
  it.each(Object.values(rights))("$code names who holds the card", (fault) => {
    expect(answerTo(saleWith("nfc", fault)).answer.holder).toBe("Camille D.");
  });

  it("a tap that is not believed for the amount names nobody, and shows no balance", () => {
    const { answer, decided } = answerTo(saleWith("identifier", aboveCeiling));
    expect(decided.code).toBe("PIN_REQUIRED");
    for (const personal of PERSONAL) expect(answer).not.toHaveProperty(personal);
  });
});

describe("a till", () => {
  it.each([
    ["LOST", "CARD_REFUSED"],
    ["STOLEN", "CARD_REFUSED"],
    ["BLOCKED", "CARD_REFUSED"],
    ["REPLACED", "CARD_EXPIRED"],
    ["EXPIRED", "CARD_EXPIRED"],
    ["ORDERED", "CARD_NOT_ACTIVE"],
  ] as const)(
    "gets for a card that is %s the public code %s, never a pick-up code",
    (status, code) => {
      const { answer } = answerTo(saleCase({ card: { status } }));
      expect(answer.code).toBe(code);
      expect(["04", "07", "41", "43"]).not.toContain(answer.iso39);
    },
  );

  it("cannot tell a right that was never given from one that is suspended or a matter of age", () => {
    const { notGranted, suspended, tooOld } = rights;
    const answers = [notGranted, suspended, tooOld].map((fault) => {
      const { answer } = answerTo(saleWith("nfc", fault));
      return { ...answer, usableHere: [] };
    });
    expect(answers[0]).toMatchObject({ code: "AVANTAGE_UNAVAILABLE", holder: "Camille D." });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("is not told of a suspension by what else can be used", () => {
    const suspensions = [{ id: "s-1", campaign: "2022/2023", avantages: ["CINEMA"] }];
    const grants = [grantOf("SPECTACLE", { spent: 3000 }), grantOf("CINEMA"), grantOf("MUSEE")];
    const { answer } = answerTo(saleCase({ grants, suspensions }));
    expect(answer.usableHere?.map(({ avantage }) => avantage)).toEqual(["MUSEE", "BON_PLAN"]);
  });
});
