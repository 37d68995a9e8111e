// How cards of each generation prove themselves, what they may take without a code secret, and where one is set.

import { expect } from "vitest";
import { authorizationAnswer } from "../../../gateway/src/core/answers.js";
import { decide } from "../../../gateway/src/core/decide.js";
import type { Facts } from "../../../gateway/src/core/facts.js";
import type { DayTotal } from "../../../gateway/src/core/model.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { nfcFacts, qrFacts, saleCase } from "../../support/builders.js";
import { validated } from "../support/register.js";
import { check, type RuleCheck, verdict } from "../support/rule-check.js";

const IDENTIFIER: Facts = { kind: "nfcIdentifier" };
const BARE_NUMBER = qrFacts({ tokenKind: "number" });

/** A purchase of equipment at a card's tap: its grant covers far more than any ceiling. */
function presented(
  programme: Programme,
  generation: string,
  facts: Facts,
  sale: { readonly purchaseCents?: number; readonly tapped?: DayTotal } = {},
): string {
  const { purchaseCents = 1000, tapped = null } = sale;
  const pupil = { track: "CAP", level: "CAP_1", formation: "CAP_COIFFURE" };
  const register = validated(programme, pupil);
  const card = { generation, tapped };
  return verdict(register.decideSale("EQUIPEMENT", { facts, card, purchaseCents }));
}

const TODAY = "2023-03-15";
const YESTERDAY = "2023-03-14";

export const CARD_CHECKS: readonly RuleCheck[] = [
  check("generations/SDM-1", "a tap is its one-time message, not its identifier", (programme) => {
    expect(presented(programme, "SDM-1", nfcFacts())).toBe("approved");
    expect(presented(programme, "SDM-1", IDENTIFIER)).toBe("CARD_NOT_GENUINE");
  }),
  check("generations/SDM-1", "a tap takes what the grant covers: no ceiling", (programme) => {
    expect(presented(programme, "SDM-1", nfcFacts(), { purchaseCents: 30_000 })).toBe("approved");
  }),
  check("generations/SDM-1", "its code is signed: a bare number is none", (programme) => {
    expect(presented(programme, "SDM-1", nfcFacts())).toBe("approved");
    expect(presented(programme, "SDM-1", BARE_NUMBER)).toBe("QR_INVALID");
  }),
  check("generations/ID-1", "a tap is its identifier", (programme) => {
    expect(presented(programme, "ID-1", IDENTIFIER)).toBe("approved");
    expect(presented(programme, "ID-1", nfcFacts())).toBe("CARD_NOT_GENUINE");
  }),
  check("generations/ID-1", "its code is the card number, with the code secret", (programme) => {
    expect(presented(programme, "ID-1", BARE_NUMBER)).toBe("approved");
    const withoutPin = qrFacts({ tokenKind: "number", pin: null });
    expect(presented(programme, "ID-1", withoutPin)).toBe("PIN_REQUIRED");
  }),
  check("generations/ID-1/ceilings", "30 € a tap, and the code secret above it", (programme) => {
    const tap = (purchaseCents: number) =>
      presented(programme, "ID-1", IDENTIFIER, { purchaseCents });
    expect([tap(3000), tap(3001)]).toEqual(["approved", "PIN_REQUIRED"]);
    expect(presented(programme, "ID-1", BARE_NUMBER, { purchaseCents: 3001 })).toBe("approved");
  }),
  check("generations/ID-1/ceilings", "60 € a day, and another day begins anew", (programme) => {
    const tapAfter = (day: string, cents: number) =>
      presented(programme, "ID-1", IDENTIFIER, { purchaseCents: 1000, tapped: { day, cents } });
    expect([tapAfter(TODAY, 5000), tapAfter(TODAY, 5001)]).toEqual(["approved", "PIN_REQUIRED"]);
    expect(tapAfter(YESTERDAY, 6000)).toBe("approved");
  }),
  check("settings/accountUrl", "who has no code secret is told where to set one", (programme) => {
    const input = saleCase({ programme, card: { pinSet: false }, facts: qrFacts() });
    const answer = authorizationAnswer(input.request, decide(input), input);
    expect(answer.code).toBe("PIN_NOT_SET");
    expect(answer.message).toContain("auvergnerhonealpes.zecarte.fr/B%C3%A9n%C3%A9ficiaire/");
  }),
];
