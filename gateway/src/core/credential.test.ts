// The card and its holder: what passes, what each attempt uses up, and how the PIN's tries run out.

import { describe, expect, it } from "vitest";
import {
  aProof,
  type CaseOptions,
  grantOf,
  NOW_MS,
  nfcFacts,
  PROOF_REF,
  pinFacts,
  programmeWith,
  qrFacts,
  saleCase,
} from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";
import type { Effect } from "./decision.js";

function decideSale(options: CaseOptions) {
  const input = saleCase(options);
  const decided = authorize(input);
  const effect = <T extends Effect["type"]>(type: T) =>
    decided.effects.filter((one): one is Extract<Effect, { type: T }> => one.type === type);
  return { ...decided, effect, answer: authorizationAnswer(input.request, decided, input) };
}

describe("a tap", () => {
  it("uses up its counter, with a gap too", () => {
    const sale = decideSale({ facts: nfcFacts({ counter: 500 }) });
    expect(sale.code).toBe("APPROVED");
    expect(sale.effect("advanceCardCounter")).toMatchObject([{ from: 10, to: 500 }]);
  });

  it.each([10, 9, 0])("with counter %i after 10 is not genuine and moves nothing", (counter) => {
    const sale = decideSale({ facts: nfcFacts({ counter }) });
    expect(sale.code).toBe("CARD_NOT_GENUINE");
    expect(sale.effect("advanceCardCounter")).toEqual([]);
  });

  it("whose code is false moves no counter", () => {
    const sale = decideSale({ facts: nfcFacts({ genuine: false, counter: 999 }) });
    expect(sale.effect("advanceCardCounter")).toEqual([]);
  });

  it.each<[string, CaseOptions]>([
    ["a blocked card", { card: { status: "BLOCKED" } }],
    ["a suspended partner", { partner: { status: "suspended" } }],
    ["an exhausted grant", { grants: [grantOf("SPECTACLE", { spent: 3000 })] }],
    ["a late request", { waitedMs: 4000 }],
    ["an unknown avantage", { avantage: "INCONNU" }],
  ])("is used up by a refusal for %s", (_why, options) => {
    const sale = decideSale(options);
    expect(sale.approved).toBe(false);
    expect(sale.effect("advanceCardCounter")).toHaveLength(1);
  });

  it("of a card whose generation has no message is not genuine", () => {
    expect(decideSale({ card: { generation: "2018" } }).code).toBe("CARD_NOT_GENUINE");
  });

  it("that shows a bare identifier is not genuine", () => {
    expect(decideSale({ facts: { kind: "nfcIdentifier" } }).code).toBe("CARD_NOT_GENUINE");
  });

  it("of a generation that is not known is not genuine", () => {
    expect(decideSale({ card: { generation: "1999" } }).code).toBe("CARD_NOT_GENUINE");
  });

  it("of a card that is not known says so, where the message is some card's", () => {
    expect(decideSale({ card: null }).code).toBe("CARD_UNKNOWN");
    expect(decideSale({ card: null }).effect("advanceCardCounter")).toEqual([]);
    expect(decideSale({ card: null, facts: nfcFacts({ genuine: false }) }).code).toBe(
      "CARD_NOT_GENUINE",
    );
  });

  it("needs a PIN to exist, but not for a record, nor where the programme says so", () => {
    const card = { pinSet: false };
    const programme = programmeWith({ settings: { nfcRequiresPinDefined: false } });
    expect(decideSale({ card }).code).toBe("PIN_NOT_SET");
    expect(decideSale({ card, avantage: "MUSEE" }).code).toBe("APPROVED_RECORD");
    expect(decideSale({ card, programme }).code).toBe("APPROVED");
  });

  it("is not refused because the PIN is locked: the card is another factor", () => {
    expect(decideSale({ card: { pinFailures: 3 } }).code).toBe("APPROVED");
  });
});

describe("a bare identifier", () => {
  const facts = { kind: "nfcIdentifier" } as const;
  const generation = "2018";

  it("is enough of a card that has nothing better, and uses nothing up", () => {
    const sale = decideSale({ facts, card: { generation } });
    expect(sale.code).toBe("APPROVED");
    expect(sale.answer.receipt?.channel).toBe("NFC");
    expect(sale.effects.map(({ type }) => type)).toEqual(["markDecided", "noteTap", "post"]);
  });

  it("is never a fallback for a card that can prove itself", () => {
    expect(decideSale({ facts }).code).toBe("CARD_NOT_GENUINE");
    expect(decideSale({ facts, card: { generation: "1999" } }).code).toBe("CARD_NOT_GENUINE");
  });

  it("that no card has is unknown", () => {
    expect(decideSale({ facts, card: null }).code).toBe("CARD_UNKNOWN");
  });

  it("needs a PIN to exist like any tap", () => {
    expect(decideSale({ facts, card: { generation, pinSet: false } }).code).toBe("PIN_NOT_SET");
  });
});

describe("a bare number in a code (T-59)", () => {
  const facts = qrFacts({ tokenKind: "number", keyId: null });
  const generation = "2018";

  it("counts on a card that was printed with nothing better, with its PIN", () => {
    expect(decideSale({ facts, card: { generation } }).code).toBe("APPROVED");
    const withoutPin = qrFacts({ tokenKind: "number", keyId: null, pin: null });
    expect(decideSale({ facts: withoutPin, card: { generation } }).code).toBe("PIN_REQUIRED");
  });

  it.each<[string, CaseOptions]>([
    ["of a card with a signed code", {}],
    ["of a card of no known generation", { card: { generation: "1999" } }],
    ["that no card has", { card: null }],
  ])("%s is no code of ours, and uses no try of a PIN", (_what, options) => {
    const wrong = { ...facts, pin: pinFacts({ matches: false }) };
    const sale = decideSale({ facts: wrong, ...options });
    expect(sale.code).toBe("QR_INVALID");
    expect(sale.effect("setPinFailures")).toEqual([]);
  });

  it("of an older card stands beside a code that the issuer signed", () => {
    expect(decideSale({ facts: qrFacts(), card: { generation } }).code).toBe("APPROVED");
  });

  it("above a tap's ceilings is believed, for its PIN", () => {
    const options = { purchaseCents: 50_000, grants: [grantOf("SPECTACLE", { amount: 50_000 })] };
    expect(decideSale({ facts, card: { generation }, ...options })).toMatchObject({
      code: "APPROVED",
      figures: { amountCents: 50_000 },
    });
  });
});

describe("a PIN", () => {
  const wrong = qrFacts({ pin: pinFacts({ matches: false }) });

  it.each([
    [0, "PIN_INCORRECT", "ENCORE 2 ESSAIS"],
    [1, "PIN_INCORRECT_LAST", "DERNIER ESSAI"],
    [2, "PIN_LOCKED", "A CHANGER DANS L'APPLI"],
  ])("that is wrong after %i errors is answered %s", (pinFailures, code, line) => {
    const sale = decideSale({ facts: wrong, card: { pinFailures } });
    expect(sale.code).toBe(code);
    expect(sale.answer.display[1]).toBe(line);
    expect(sale.effect("setPinFailures")).toMatchObject([
      { from: pinFailures, to: pinFailures + 1 },
    ]);
  });

  it.each([true, false])("once locked is not looked at any more (right: %s)", (matches) => {
    const facts = qrFacts({ pin: pinFacts({ matches }) });
    const sale = decideSale({ facts, card: { pinFailures: 3 } });
    expect(sale.code).toBe("PIN_LOCKED");
    expect(sale.effect("setPinFailures")).toEqual([]);
  });

  it("whose tries the programme bounds otherwise is locked after so many", () => {
    const programme = programmeWith({ settings: { pinTriesMax: 5 } });
    const after = (pinFailures: number) =>
      decideSale({ facts: wrong, card: { pinFailures }, programme });
    expect(after(2)).toMatchObject({ code: "PIN_INCORRECT", figures: { triesLeft: 2 } });
    expect(after(3)).toMatchObject({ code: "PIN_INCORRECT_LAST", figures: { triesLeft: 1 } });
    expect(after(4).code).toBe("PIN_LOCKED");
  });

  it("that is right at the first try changes no count", () => {
    expect(decideSale({ facts: qrFacts() }).effect("setPinFailures")).toEqual([]);
  });

  it("that is right after errors gives all tries back", () => {
    const sale = decideSale({ facts: qrFacts(), card: { pinFailures: 2 } });
    expect(sale.code).toBe("APPROVED");
    expect(sale.effect("setPinFailures")).toMatchObject([{ from: 2, to: 0 }]);
  });

  it.each<[string, CaseOptions]>([
    [
      "its block does not open",
      { facts: qrFacts({ pin: pinFacts({ opened: false, matches: false }) }) },
    ],
    ["the card is lost", { facts: wrong, card: { status: "LOST" } }],
    ["the amount is wrong", { facts: wrong, purchaseCents: 0 }],
    ["no PIN was set", { facts: wrong, card: { pinSet: false } }],
    ["it is missing", { facts: qrFacts({ pin: null }) }],
    [
      "the code is not the issuer's",
      { facts: qrFacts({ token: "wrongSignature", pin: wrong.pin }) },
    ],
  ])("uses no try when %s", (_why, options) => {
    expect(decideSale(options).effect("setPinFailures")).toEqual([]);
  });

  it.each<[string, Parameters<typeof pinFacts>[0]]>([
    ["used before", { counter: 6 }],
    ["rolled back", { counter: 1 }],
    ["one that has no key", { counterUsable: false }],
    ["another terminal's", { initialKeyId: "FFFFFFFFFFFFFFFF" }],
  ])("under a key serial number that is %s is the terminal's trouble", (_what, change) => {
    const sale = decideSale({ facts: qrFacts({ pin: pinFacts(change) }) });
    expect(sale.code).toBe("PIN_BLOCK_INVALID");
    expect(sale.effect("advanceKsn")).toEqual([]);
  });

  it.each<[string, CaseOptions]>([
    ["approved", { facts: qrFacts() }],
    ["wrong", { facts: wrong }],
    ["typed into a refused sale", { facts: qrFacts(), purchaseCents: 0 }],
    ["typed for an unknown number", { facts: { kind: "keyed", pin: pinFacts() }, card: null }],
  ])("uses up its key serial number when it is %s", (_how, options) => {
    expect(decideSale(options).effect("advanceKsn")).toMatchObject([{ from: 6, to: 7 }]);
  });

  it("is asked of a typed number as of a code", () => {
    expect(decideSale({ facts: { kind: "keyed", pin: null } }).code).toBe("PIN_REQUIRED");
    expect(decideSale({ facts: { kind: "keyed", pin: pinFacts() } }).code).toBe("APPROVED");
  });
});

describe("a refused PIN", () => {
  const ksnUsed = { type: "advanceKsn", terminalId: "terminal-1", from: 6, to: 7 };

  it.each<[string, CaseOptions, readonly object[]]>([
    ["that is missing changes nothing", { facts: qrFacts({ pin: null }) }, []],
    [
      "under a used serial number changes nothing",
      { facts: qrFacts({ pin: pinFacts({ counter: 6 }) }) },
      [],
    ],
    [
      "that was never set uses up its serial number alone",
      { facts: qrFacts(), card: { pinSet: false } },
      [ksnUsed],
    ],
    [
      "that is locked uses up its serial number alone",
      { facts: qrFacts(), card: { pinFailures: 3 } },
      [ksnUsed],
    ],
    [
      "of a lost card uses up its serial number alone",
      { facts: qrFacts(), card: { status: "LOST" } },
      [ksnUsed],
    ],
  ])("%s", (_what, options, effects) => {
    expect(decideSale(options).effects).toEqual(effects);
  });

  it("that is right changes no more than its serial number, the account's time and the debit", () => {
    const types = decideSale({ facts: qrFacts() }).effects.map(({ type }) => type);
    expect(types).toEqual(["advanceKsn", "markDecided", "post"]);
  });

  it("beside a proof that is no one's changes nothing", () => {
    expect(decideSale({ facts: { kind: "proof" } }).effects).toEqual([]);
  });
});

describe("a code of the app", () => {
  const appCode = { key: "1.aa", expiresAtMs: NOW_MS + 60_000 };
  const facts = qrFacts({ tokenKind: "app", appCode, pin: pinFacts({ matches: false }) });

  it("is used up by the first attempt, though the PIN was wrong", () => {
    expect(decideSale({ facts }).effect("consumeAppCode")).toEqual([
      { type: "consumeAppCode", ...appCode },
    ]);
  });

  it("is not used up where it was none in its time", () => {
    const sale = decideSale({ facts: { ...facts, token: "outOfTime" } });
    expect(sale.effect("consumeAppCode")).toEqual([]);
  });

  it("that was used is no code any more, before any try of the PIN", () => {
    const sale = decideSale({ facts, appCodeUsed: true });
    expect(sale.code).toBe("QR_INVALID");
    expect([...sale.effect("consumeAppCode"), ...sale.effect("setPinFailures")]).toEqual([]);
  });

  it.each(["malformed", "unknownKey", "wrongSignature", "outOfTime"] as const)(
    "that is %s is not the programme's",
    (token) => {
      expect(decideSale({ facts: qrFacts({ token }) }).code).toBe("QR_INVALID");
    },
  );
});

describe("a proof of an earlier presentation", () => {
  const facts = { kind: "proof" } as const;

  it("stands for the card once", () => {
    const sale = decideSale({ facts, proof: aProof() });
    expect(sale.code).toBe("APPROVED");
    expect(sale.effect("consumeProof")).toEqual([{ type: "consumeProof", ref: aProof().ref }]);
    expect(sale.answer.receipt?.channel).toBe("NFC");
  });

  it.each([
    ["was used", aProof({ used: true })],
    ["is another terminal's", aProof({ terminalId: "terminal-2" })],
    ["is another card's", aProof({ cardId: "card-2" })],
    ["has run out", aProof({ expiresAtMs: NOW_MS })],
    ["was never given", null],
  ])("that %s is refused", (_what, proof) => {
    expect(decideSale({ facts, proof }).code).toBe("PROOF_EXPIRED");
  });

  it("that was used is not used up again", () => {
    const sale = decideSale({ facts, proof: aProof({ used: true }) });
    expect(sale.effect("consumeProof")).toEqual([]);
  });

  it("is good to its last millisecond", () => {
    expect(decideSale({ facts, proof: aProof({ expiresAtMs: NOW_MS + 1 }) }).code).toBe("APPROVED");
  });

  it("of a card that is gone is none", () => {
    expect(decideSale({ facts, proof: aProof(), card: null }).code).toBe("PROOF_EXPIRED");
  });

  it("of a code and PIN asks for no PIN again, and for none to exist", () => {
    const proof = aProof({ channel: "QR" });
    const sale = decideSale({ facts, proof, card: { pinSet: false } });
    expect(sale.code).toBe("APPROVED");
    expect(sale.answer.receipt?.channel).toBe("QR");
  });

  it("of another terminal is left to that terminal", () => {
    const sale = decideSale({ facts, proof: aProof({ terminalId: "terminal-2" }) });
    expect(sale.effect("consumeProof")).toEqual([]);
  });

  it("is good for a minute from the tap", () => {
    const sale = decideSale({ purchaseCents: 0 });
    expect(sale.answer).toMatchObject({ code: "AMOUNT_INVALID", proofRef: PROOF_REF });
    expect(sale.effect("issueProof")).toMatchObject([
      { terminalId: "terminal-1", cardId: "card-1", channel: "NFC", expiresAtMs: NOW_MS + 60_000 },
    ]);
  });

  it("that is given again keeps the first expiry", () => {
    const proof = aProof({ expiresAtMs: NOW_MS + 5 });
    const sale = decideSale({ facts, proof, purchaseCents: 0 });
    expect(sale.effect("issueProof")).toMatchObject([{ ref: PROOF_REF, expiresAtMs: NOW_MS + 5 }]);
  });

  it.each<[string, CaseOptions]>([
    ["a card that did not pass", { facts: nfcFacts({ genuine: false }) }],
    ["a PIN that was not looked at", { facts: qrFacts() }],
    [
      "a PIN typed with a number, that was not looked at",
      { facts: { kind: "keyed", pin: pinFacts() } },
    ],
    ["a card that is blocked", { card: { status: "BLOCKED" } }],
    ["a proof that had run out", { facts, proof: aProof({ expiresAtMs: NOW_MS }) }],
  ])("is not given for a wrong amount with %s", (_what, options) => {
    const sale = decideSale({ ...options, purchaseCents: 0 });
    expect(sale.code).toBe("AMOUNT_INVALID");
    expect(sale.answer).not.toHaveProperty("proofRef");
    expect(sale.effect("issueProof")).toEqual([]);
  });

  it("is given for another avantage that can be used here, of a PIN that was right too", () => {
    const grants = [grantOf("SPECTACLE", { spent: 3000 }), grantOf("CINEMA")];
    const sale = decideSale({
      facts: qrFacts(),
      grants,
      partner: { agrements: ["SPECTACLE", "CINEMA"] },
    });
    expect(sale.answer).toMatchObject({ code: "BALANCE_EXHAUSTED", proofRef: PROOF_REF });
    expect(sale.effect("issueProof")).toMatchObject([{ channel: "QR" }]);
  });

  it("is given for a wrong quantity of a record though no PIN was set", () => {
    const sale = decideSale({ avantage: "MUSEE", quantity: 1, card: { pinSet: false } });
    expect(sale.answer).toMatchObject({ code: "QUANTITY_INVALID", proofRef: PROOF_REF });
    const debit = decideSale({ quantity: 1, card: { pinSet: false } });
    expect(debit.answer).not.toHaveProperty("proofRef");
  });

  it("of a tap for a record does not stand in for a PIN that was never set", () => {
    const sale = decideSale({ facts, proof: aProof(), card: { pinSet: false } });
    expect(sale.code).toBe("PIN_NOT_SET");
  });
});
