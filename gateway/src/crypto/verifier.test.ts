// What the verifier finds out: about a card's message, a signed code and a PIN block, and that it never says more.

import type { Evidence } from "@pass-tpe/protocol";
import { ed25519KeysFromSeed, signQrToken, stepUpNumber } from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { NOW_MS, saleCase } from "../../../tests/support/builders.js";
import { seededKeys } from "../../../tests/support/keys.js";
import { holdCard, holdTerminal, WRONG_PIN } from "../../../tests/support/presentations.js";
import { seededRandom } from "../../../tests/support/random.js";
import { createVerifier } from "./verifier.js";
import { currentOf } from "./versions.js";

function party(seed: number) {
  const random = seededRandom(seed);
  const issuer = { ...seededKeys(random), random };
  const card = holdCard(issuer, { index: 1, accountId: "account-1" });
  const verifier = createVerifier(issuer.keys);
  return { issuer, card, terminal: holdTerminal(issuer, 1), verifier };
}

const { issuer, card, terminal, verifier } = party(7);
const { snapshot } = saleCase();
const { credential, numberEncrypted: sealedNumber } = card.record();

const verify = (evidence: Evidence, nowMs = NOW_MS, of = credential) =>
  verifier.verify({
    opened: verifier.open(evidence),
    snapshot,
    credential: of,
    sealedNumber,
    nowMs,
  });

/** As the store gives it where the reference stands for no presentation. */
const verifyUnknown = (evidence: Evidence) =>
  verifier.verify({
    opened: verifier.open(evidence),
    snapshot,
    credential: null,
    sealedNumber: null,
    nowMs: NOW_MS,
  });

function messageOf(evidence: Evidence): string {
  if (!("message" in evidence)) throw new Error("only a tap has a message");
  return evidence.message;
}

describe("a card's message", () => {
  it("names a card where it opens, and none where it does not", () => {
    const [, other] = messageOf(party(8).card.tapAt(1)).split("?");
    const [page] = messageOf(card.tapAt(1)).split("?");
    expect(verifier.open(card.tapAt(301)).isNamed).toBe(true);
    for (const message of [`${page}?${other}`, "https://example.org/"]) {
      const opened = verifier.open({ type: "nfc", message });
      expect([opened.isNamed, opened.locator?.by]).toEqual([false, "identifier"]);
    }
  });

  it("is genuine, says its counter, and leads to the card by its chip", () => {
    const evidence = card.tapAt(300);
    expect(verify(evidence)).toEqual({
      kind: "nfcMessage",
      genuine: true,
      counter: 300,
      keyVersion: 1,
    });
    const { locator } = verifier.open(evidence);
    expect(locator).toEqual({ by: "identifier", index: card.record().identifierIndex });
  });

  const message = messageOf(card.tapAt(5));
  it.each([
    ["of another issuer", messageOf(party(8).card.tapAt(5))],
    ["cut by one character", message.slice(0, -1)],
    ["longer by one character", `${message}0`],
    ["in lower case", message.toLowerCase()],
    [
      "with another identity before its code",
      `${messageOf(card.tapAt(6)).slice(0, -16)}${message.slice(-16)}`,
    ],
    ["that is no message", "https://example.org/"],
  ])("%s is not genuine", (_what, text) => {
    expect(verify({ type: "nfc", message: text })).toMatchObject({ genuine: false });
  });

  it("flipped in any one character is not genuine", () => {
    const from = message.indexOf("e=") + 2;
    for (let index = from; index < message.length; index += 1) {
      const flipped = message[index] === "0" ? "1" : "0";
      const text = `${message.slice(0, index)}${flipped}${message.slice(index + 1)}`;
      expect(verify({ type: "nfc", message: text }), `at ${index}`).toMatchObject({
        genuine: false,
      });
    }
  });
});

describe("a bare identifier", () => {
  const index = card.record().identifierIndex;

  it("leads to the card whose chip has it, and says no more than that it was shown", () => {
    const evidence = { type: "nfc", identifier: "04000000000001" } as const;
    expect(verify(evidence)).toEqual({ kind: "nfcIdentifier" });
    const { locator, appCodeKey } = verifier.open(evidence);
    expect(locator).toEqual({ by: "identifier", index });
    expect(appCodeKey).toBeNull();
  });

  it("of another chip leads elsewhere", () => {
    const { locator } = verifier.open({ type: "nfc", identifier: "04000000000002" });
    expect(locator).not.toEqual({ by: "identifier", index });
  });
});

/** The number with another check digit: typed or printed wrong. */
function withWrongCheckDigit(number: string): string {
  return `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
}

describe("a code", () => {
  it("as printed is valid without a time", () => {
    const evidence = { type: "qr", token: card.printedCode() } as const;
    expect(verify(evidence, 0)).toEqual({
      kind: "qr",
      token: "valid",
      tokenKind: "printed",
      appCode: null,
      keyId: "1",
      pin: null,
    });
  });

  it("of the app is named once and for all, with the instant from which it is worth nothing", () => {
    const token = card.appCode(NOW_MS);
    const facts = verify({ type: "qr", token });
    expect(facts).toMatchObject({ token: "valid", tokenKind: "app" });
    const opened = verifier.open({ type: "qr", token });
    expect(facts).toMatchObject({
      appCode: { key: opened.appCodeKey, expiresAtMs: NOW_MS + 90_000 },
    });
  });

  it.each([
    [-30_001, "outOfTime"],
    [-30_000, "valid"],
    [89_999, "valid"],
    [90_000, "outOfTime"],
  ])("of the app is, %i ms after it was made, %s", (ageMs, token) => {
    const evidence = { type: "qr", token: card.appCode(NOW_MS) } as const;
    expect(verify(evidence, NOW_MS + ageMs)).toMatchObject({ token });
  });

  const content = { kind: "printed", keyId: "1", cardNumber: card.number } as const;
  const stranger = ed25519KeysFromSeed(Buffer.alloc(32, 9)).privateKey;
  const seed = currentOf(issuer.material.qr).seed;
  const ours = ed25519KeysFromSeed(Buffer.from(seed, "hex")).privateKey;
  const otherCard = holdCard(issuer, { index: 2, accountId: "account-2" });
  it.each([
    [
      "signed by a stranger",
      signQrToken({ privateKey: stranger, token: content }),
      "wrongSignature",
    ],
    [
      "with another card's number",
      card.printedCode().replace(card.number, otherCard.number),
      "wrongSignature",
    ],
    [
      "under a key that is not ours",
      signQrToken({ privateKey: ours, token: { ...content, keyId: "2" } }),
      "unknownKey",
    ],
    ["that is no code of ours", "https://example.org/", "malformed"],
    ["that is a number with a wrong digit", `${card.number.slice(0, -1)}x`, "malformed"],
    ["that is a number that no card can have", withWrongCheckDigit(card.number), "malformed"],
    ["that is a number with a line's end", `${card.number}\n`, "malformed"],
  ])("%s is %s", (_what, token, found) => {
    const facts = verify({ type: "qr", token });
    expect(facts).toMatchObject({ token: found, appCode: null });
  });

  it("that is no code leads to no card", () => {
    expect(verifier.open({ type: "qr", token: "https://example.org/" }).locator).toBeNull();
  });

  it("that is the bare number of a card is told apart, and leads to the card", () => {
    const evidence = { type: "qr", token: card.number } as const;
    expect(verify(evidence)).toEqual({
      kind: "qr",
      token: "valid",
      tokenKind: "number",
      appCode: null,
      keyId: null,
      pin: null,
    });
    const { locator, appCodeKey } = verifier.open(evidence);
    expect(locator).toEqual({ by: "number", index: card.record().numberIndex });
    expect(appCodeKey).toBeNull();
  });

  it("that is the bare number opens the PIN block that was made for it", () => {
    const pinBlock = terminal.pinBlock(card);
    expect(verify({ type: "qr", token: card.number, pinBlock })).toMatchObject({
      tokenKind: "number",
      pin: { opened: true, matches: true },
    });
  });
});

describe("a PIN block", () => {
  it("that holds the card's PIN matches, on a code and on a typed number", () => {
    const found = { opened: true, matches: true, counterUsable: true };
    expect(verify(terminal.scan(card))).toMatchObject({ pin: found });
    expect(verify(terminal.key(card))).toMatchObject({ pin: found });
  });

  it("that holds another PIN opens and does not match", () => {
    expect(verify(terminal.scan(card, WRONG_PIN))).toMatchObject({
      pin: { opened: true, matches: false },
    });
  });

  it("for a card without a PIN opens and does not match", () => {
    expect(verify(terminal.scan(card), NOW_MS, null)).toMatchObject({
      pin: { opened: true, matches: false },
    });
  });

  it("of another card does not open", () => {
    const other = holdCard(issuer, { index: 2, accountId: "account-2" });
    const pinBlock = terminal.pinBlock(other);
    expect(verify({ type: "keyed", cardNumber: card.number, pinBlock })).toMatchObject({
      pin: { opened: false },
    });
  });

  it.each(["00000000", "FFFFFFFF", "0001FFFF"])(
    "under the counter %s, which has no key, is not opened",
    (counter) => {
      const { ksn, block } = terminal.pinBlock(card);
      const pinBlock = { ksn: `${ksn.slice(0, 16)}${counter}`, block };
      expect(verify({ type: "keyed", cardNumber: card.number, pinBlock })).toMatchObject({
        pin: { counterUsable: false, opened: false, matches: false },
      });
    },
  );

  it("leaves no digit of the PIN and no number in what is found", () => {
    const text = JSON.stringify(verify(terminal.key(card, "9753")));
    expect(text).not.toContain("9753");
    expect(text).not.toContain(card.number);
  });
});

describe("the PIN block that follows a tap", () => {
  const proofRef = "P".repeat(22);

  it("matches with the PIN of the card that was tapped, which the terminal does not know", () => {
    expect(verify(terminal.stepUp(proofRef))).toMatchObject({
      kind: "proof",
      pin: { opened: true, matches: true, counterUsable: true },
    });
  });

  it("opens and does not match with another PIN, or where the card has none", () => {
    const wrong = { pin: { opened: true, matches: false } };
    expect(verify(terminal.stepUp(proofRef, WRONG_PIN))).toMatchObject(wrong);
    expect(verify(terminal.stepUp(proofRef), NOW_MS, null)).toMatchObject(wrong);
  });

  it("of another presentation does not open, nor does one that is bound to a card", () => {
    const { pinBlock: other } = terminal.stepUp("Q".repeat(22));
    for (const pinBlock of [other, terminal.pinBlock(card)]) {
      expect(verify({ type: "proofRef", proofRef, pinBlock })).toMatchObject({
        pin: { opened: false, matches: false },
      });
    }
  });

  it("to a reference that nobody knows is opened all the same, and matches nothing", () => {
    expect(verifyUnknown(terminal.stepUp(proofRef))).toMatchObject({
      pin: { opened: true, matches: false },
    });
  });

  it("leads to the presentation; without one, a reference says nothing of a PIN", () => {
    const { locator } = verifier.open(terminal.stepUp(proofRef));
    expect(locator).toEqual({ by: "proof", ref: proofRef });
    expect(verify({ type: "proofRef", proofRef })).toEqual({ kind: "proof" });
  });
});

describe("the proof of a tap", () => {
  const proofRef = "AAAAAAAAAAAAAAAAAAAAAA";
  const bound = (ref: string) => terminal.pinBlock({ ...card, number: stepUpNumber(ref) });

  it("alone says nothing of a PIN", () => {
    expect(verify({ type: "proofRef", proofRef })).toEqual({ kind: "proof" });
  });

  it("with a PIN block that was made for it opens, and is held to the number that is stored", () => {
    const evidence = { type: "proofRef", proofRef, pinBlock: bound(proofRef) } as const;
    expect(verify(evidence)).toMatchObject({ pin: { opened: true, matches: true } });
    const opened = verifier.open(evidence);
    const unknown = { opened, snapshot, credential: null, sealedNumber: null, nowMs: NOW_MS };
    expect(verifier.verify(unknown)).toMatchObject({ pin: { opened: true, matches: false } });
  });

  it.each([
    ["of another tap", bound("BAAAAAAAAAAAAAAAAAAAAA")],
    ["for the card's number", terminal.pinBlock(card)],
  ])("with a PIN block %s does not open", (_what, pinBlock) => {
    expect(verify({ type: "proofRef", proofRef, pinBlock })).toMatchObject({
      pin: { opened: false, matches: false },
    });
  });
});

describe("a fingerprint", () => {
  it("is of the content, not of its order, and needs the key", () => {
    const print = (request: object, by = verifier) =>
      Buffer.from(by.fingerprint(request)).toString("hex");
    const one = { id: "a", evidence: { type: "nfc", message: "m" } };
    expect(print({ evidence: { message: "m", type: "nfc" }, id: "a" })).toBe(print(one));
    expect(print({ ...one, id: "b" })).not.toBe(print(one));
    expect(print(one, party(8).verifier)).not.toBe(print(one));
  });
});
