// What a sale and an inquiry have in common: too late is declined, and only a credential moves the account's time.

import { describe, expect, it } from "vitest";
import {
  aProof,
  inquiryCase,
  NOW_MS,
  nfcFacts,
  PROOF_REF,
  saleCase,
} from "../../../tests/support/builders.js";
import { checkDeadline, closing, decline, issueProof } from "./attempt.js";

describe("a deadline", () => {
  it.each([
    [3999, null],
    [4000, { code: "DEADLINE_PASSED" }],
    [4001, { code: "DEADLINE_PASSED" }],
  ])("after %i of 4000 ms: %o", (waitedMs, refusal) => {
    expect(checkDeadline({ waitedMs, deadlineMs: 4000 })).toEqual(refusal);
  });
});

describe("the account's time", () => {
  const tapUsed = { type: "advanceCardCounter", cardId: "card-1", from: 10, to: 11 };
  const after = (lastDecisionAtMs: number) => saleCase({ account: { lastDecisionAtMs } });

  it("moves on to the decision", () => {
    expect(closing(after(NOW_MS - 1), true)).toEqual([
      tapUsed,
      { type: "markDecided", accountId: "account-1", from: NOW_MS - 1, to: NOW_MS },
    ]);
  });

  it("stays where it is already there, and without a credential", () => {
    expect(closing(after(NOW_MS), true)).toEqual([tapUsed]);
    expect(closing(after(0), false)).toEqual([tapUsed]);
  });

  it("is nobody's for a card that is not known", () => {
    expect(closing(saleCase({ card: null }), true)).toEqual([]);
  });
});

describe("a decline", () => {
  const passed = { credentialPassed: true };

  it("carries code, figures and reason, and no proof where nothing can be amended", () => {
    const refusal = {
      code: "WINDOW_CLOSED",
      figures: { date: "2023-06-30" },
      reason: "X",
    } as const;
    expect(decline(saleCase(), refusal, passed)).toEqual({
      code: "WINDOW_CLOSED",
      approved: false,
      figures: { date: "2023-06-30" },
      credentialPassed: true,
      channel: "NFC",
      proofRef: null,
      avantages: [],
      reason: "X",
      effects: [
        { type: "advanceCardCounter", cardId: "card-1", from: 10, to: 11 },
        { type: "markDecided", accountId: "account-1", from: 0, to: NOW_MS },
      ],
    });
  });

  it("gives a proof where another amount would do, and none where nothing is left to ask for", () => {
    const of = (value: number) =>
      decline(
        saleCase(),
        { code: "SEATS_EXHAUSTED", figures: { available: { unit: "SEAT", value } } },
        passed,
      ).proofRef;
    expect([of(1), of(0)]).toEqual([PROOF_REF, null]);
  });

  it("gives a proof where another avantage would do", () => {
    const avantages = [{ avantage: "CINEMA", label: "Cinéma", unit: "SEAT", state: "open" }];
    const declined = decline(saleCase(), { code: "ALREADY_USED" }, { ...passed, avantages });
    expect(declined).toMatchObject({ avantages, proofRef: PROOF_REF, figures: {}, reason: null });
    expect(declined.effects.at(-1)).toMatchObject({ type: "issueProof", ref: PROOF_REF });
  });

  it("puts the effects of the credential between what was used up and the proof", () => {
    const effects = [{ type: "consumeProof", ref: "r" }] as const;
    const declined = decline(saleCase(), { code: "AMOUNT_INVALID" }, { ...passed, effects });
    expect(declined.effects.map(({ type }) => type)).toEqual([
      "advanceCardCounter",
      "markDecided",
      "consumeProof",
      "issueProof",
    ]);
  });

  it("without a credential looks at a tap, and asks of no rule less than of a debit", () => {
    const at = { credentialPassed: false };
    const card = { pinSet: false };
    expect(decline(saleCase(), { code: "AMOUNT_INVALID" }, at).proofRef).toBe(PROOF_REF);
    expect(decline(saleCase({ card }), { code: "AMOUNT_INVALID" }, at).proofRef).toBeNull();
    const facts = nfcFacts({ genuine: false });
    expect(decline(inquiryCase({ facts }), { code: "AMOUNT_INVALID" }, at).proofRef).toBeNull();
  });
});

describe("a proof", () => {
  it("is of terminal, card and channel, for a minute", () => {
    expect(issueProof(saleCase(), "ref")).toEqual({
      type: "issueProof",
      ref: "ref",
      terminalId: "terminal-1",
      cardId: "card-1",
      channel: "NFC",
      expiresAtMs: NOW_MS + 60_000,
    });
  });

  it("of a tap lasts its minute though another proof is at hand", () => {
    const input = saleCase({ proof: aProof({ expiresAtMs: NOW_MS + 5 }) });
    expect(issueProof(input, "ref")).toMatchObject({ expiresAtMs: NOW_MS + 60_000 });
  });

  it("without a card is a bug", () => {
    const what = "a presentation that passed has a card and a channel";
    expect(() => issueProof(saleCase({ card: null }), "ref")).toThrow(what);
    expect(() => issueProof(saleCase({ facts: { kind: "proof" } }), "ref")).toThrow(what);
  });
});
