// What the source says of the code secret: asked on a scan and a typed number, set before the first use, never a birth date.

import { AuthorizationRequestSchema } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { authorizationAnswer } from "../../gateway/src/core/answers.js";
import { decide } from "../../gateway/src/core/decide.js";
import type { Facts, PinFacts } from "../../gateway/src/core/facts.js";
import { ATTEMPT_ID, nfcFacts, pinFacts, qrFacts, saleCase } from "../support/builders.js";
import { CATALOGUE } from "./support/catalogue.js";
import { validated } from "./support/register.js";
import { verdict } from "./support/rule-check.js";

const sale = (facts: Facts, card: object = {}) =>
  verdict(
    validated(CATALOGUE).decideSale("SPECTACLE", { facts, card: { generation: "SDM-1", ...card } }),
  );

const REQUEST = {
  id: ATTEMPT_ID,
  avantage: "SPECTACLE",
  purchaseCents: 1000,
  evidence: { type: "keyed", cardNumber: "9250000000000008" },
};

describe("at the moment of the transaction", () => {
  it("a scan and a typed number need the code secret, the right one; a tap does not", () => {
    const scan = (pin: PinFacts | null) => sale(qrFacts({ pin }));
    const typed = (pin: PinFacts | null) => sale({ kind: "keyed", pin });
    for (const presented of [scan, typed]) {
      expect(presented(null)).toBe("PIN_REQUIRED");
      expect(presented(pinFacts({ matches: false }))).toBe("PIN_INCORRECT");
      expect(presented(pinFacts())).toBe("approved");
    }
    expect(sale(nfcFacts())).toBe("approved");
  });

  it("a typed sale is a card number, an amount and the code secret", () => {
    const isRequest = (request: object) => AuthorizationRequestSchema.safeParse(request).success;
    expect(isRequest(REQUEST)).toBe(true);
    const dossier = { ...REQUEST, evidence: { type: "keyed", cardNumber: "1234567" } };
    expect(isRequest(dossier)).toBe(false);
    const register = validated(CATALOGUE);
    expect(verdict(register.decideSale("SPECTACLE", { purchaseCents: null }))).toBe(
      "AMOUNT_INVALID",
    );
  });

  it("a birth date is no credential any more: no request carries one", () => {
    const evidence = { ...REQUEST.evidence, birthDate: "2006-02-01" };
    expect(AuthorizationRequestSchema.safeParse({ ...REQUEST, evidence }).success).toBe(false);
  });
});

describe("before the first use", () => {
  it("the code secret must have been defined, on every channel but for a record by tap", () => {
    const unset = { pinSet: false };
    expect(sale(qrFacts(), unset)).toBe("PIN_NOT_SET");
    expect(sale({ kind: "keyed", pin: pinFacts() }, unset)).toBe("PIN_NOT_SET");
    expect(sale(nfcFacts(), unset)).toBe("PIN_NOT_SET");
    const card = { ...unset, generation: "SDM-1" };
    const books = validated(CATALOGUE).decideSale("MANUELS_GRATUITS", { facts: nfcFacts(), card });
    expect(verdict(books)).toBe("approved");
  });

  it("the young person is told where, and with which numbers", () => {
    const input = saleCase({ programme: CATALOGUE, card: { pinSet: false }, facts: qrFacts() });
    const { message } = authorizationAnswer(input.request, decide(input), input);
    expect(message).toMatch(/zecarte\.fr/);
    expect(message).toMatch(/numéro de dossier et ton mot de passe/);
  });
});
