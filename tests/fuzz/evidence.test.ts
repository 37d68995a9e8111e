// Evidence of any content before the gateway's verifier: it never throws, and opens no PIN block but a pad's own.

import { type Evidence, EvidenceSchema } from "@pass-tpe/protocol";
import { decryptPinBlock, parseCardMessage, parseKsn } from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import { expect } from "vitest";
import { createVerifier } from "../../gateway/src/crypto/verifier.js";
import { NOW_MS, saleCase } from "../support/builders.js";
import { seededKeys } from "../support/keys.js";
import { type HeldCard, holdCard, holdTerminal } from "../support/presentations.js";
import { seededRandom } from "../support/random.js";
import { anyBytes, hostileText } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";

const random = seededRandom(1);
const issuer = { ...seededKeys(random), random };
const CARDS: readonly HeldCard[] = [0, 1].map((index) =>
  holdCard(issuer, { index, accountId: `account-${index}` }),
);
const [CARD, OTHER] = CARDS;
if (!CARD || !OTHER) throw new Error("two cards are needed");
const TERMINAL = holdTerminal(issuer, 0);
const verifier = createVerifier(issuer.keys);
const { credential, numberEncrypted: sealedNumber } = CARD.record();
const { snapshot } = saleCase();

const GOOD_BLOCK = TERMINAL.pinBlock(CARD);
const PROOF = "abcdefghijklmnopqrstuv";

const hexOf = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF"), minLength: digits, maxLength: digits });
/** A key serial number of this terminal with any counter, or of anybody. */
const ksn = fc.oneof(
  fc.constant(GOOD_BLOCK.ksn),
  hexOf(8).map((counter) => GOOD_BLOCK.ksn.slice(0, 16) + counter),
  hexOf(24),
  hostileText(GOOD_BLOCK.ksn),
);
const block = fc.oneof(fc.constant(GOOD_BLOCK.block), hexOf(32), hostileText(GOOD_BLOCK.block));
const pinBlock = fc.record({ ksn, block });
const maybePinBlock = fc.oneof(fc.constant({}), fc.record({ pinBlock }));

const number = fc.constantFrom(CARD.number, OTHER.number, "0000000000000000", "9999999999999999");
const token = fc.oneof(
  hostileText(CARD.printedCode()),
  hostileText(CARD.appCode(NOW_MS)),
  fc.constantFrom(CARD.printedCode(), CARD.number),
);
const tap = CARD.tap();
const message = "message" in tap ? tap.message : "";

const evidence = fc.oneof(
  hostileText(message).map((text) => ({ type: "nfc", message: text })),
  hexOf(14).map((identifier) => ({ type: "nfc", identifier })),
  fc.tuple(token, maybePinBlock).map(([text, pin]) => ({ type: "qr", token: text, ...pin })),
  fc
    .tuple(number, maybePinBlock)
    .map(([cardNumber, pin]) => ({ type: "keyed", cardNumber, ...pin })),
  fc
    .tuple(fc.oneof(fc.constant(PROOF), hostileText(PROOF)), maybePinBlock)
    .map(([proofRef, pin]) => ({ type: "proofRef", proofRef, ...pin })),
);

/** Whether it is the pad's own block under its own key, shown with the card that it is bound to. */
function isPadsOwn(shown: Evidence): boolean {
  if (!("pinBlock" in shown) || shown.type === "proofRef" || shown.pinBlock === undefined)
    return false;
  const { ksn: shownKsn, block: shownBlock } = shown.pinBlock;
  if (shownKsn !== GOOD_BLOCK.ksn || shownBlock !== GOOD_BLOCK.block) return false;
  return shown.type === "keyed"
    ? shown.cardNumber === CARD?.number
    : shown.token.includes(CARD?.number ?? "");
}

fuzz(
  "what has the form of evidence is judged, and only the pad's own block opens",
  { usual: 2_500, cases: evidence },
  (made) => {
    const parsed = EvidenceSchema.safeParse(made);
    if (!parsed.success) return;
    const opened = verifier.open(parsed.data);
    const facts = verifier.verify({
      opened,
      snapshot,
      credential,
      sealedNumber,
      nowMs: NOW_MS,
    });
    const pin = "pin" in facts ? facts.pin : null;
    if (pin?.opened) expect(isPadsOwn(parsed.data)).toBe(true);
    if (pin && made.type === "keyed") expect(pin.matches).toBe(isPadsOwn(parsed.data));
    if (pin?.matches) expect(pin.opened).toBe(true);
    if (facts.kind === "nfcMessage")
      expect(facts.genuine).toBe(
        made.type === "nfc" && "message" in made && made.message === message,
      );
  },
);

fuzz(
  "a PIN block of any bytes under any key is a PIN of digits or none",
  {
    usual: 2_500,
    cases: fc.tuple(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      number,
    ),
  },
  ([key, bytes, cardNumber]) => {
    const pin = decryptPinBlock({ key, block: bytes, cardNumber });
    if (pin !== null) expect(pin).toMatch(/^[0-9]{4,12}$/);
  },
);

fuzz(
  "a key serial number and a card's message are read, or are none",
  {
    usual: 2_500,
    cases: fc.oneof(
      hostileText(GOOD_BLOCK.ksn),
      hostileText(message),
      anyBytes(40).map((it) => Buffer.from(it).toString("hex")),
    ),
  },
  (text) => {
    const found = parseKsn(text);
    if (found) expect(text).toMatch(/^[0-9A-F]{24}$/i);
    const said = parseCardMessage(text);
    if (said) expect([said.encryptedPiccData.length, said.mac.length]).toEqual([16, 8]);
  },
);
