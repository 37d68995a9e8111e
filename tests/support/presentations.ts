// Cards and PIN pads that make real evidence: fresh card messages, signed codes, PIN blocks under the next key.

import type { Evidence, PinBlock } from "@pass-tpe/protocol";
import {
  cardMessageMacInput,
  deriveInitialKey,
  deriveWorkingKey,
  encryptPiccData,
  encryptPinBlock,
  formatCardMessage,
  formatKsn,
  nextCounter,
  QR_NONCE_BYTES,
  sdmMac,
  stepUpNumber,
  withLuhn,
} from "@pass-tpe/protocol/standards";
import type { Random } from "../../gateway/src/core/ports.js";
import { type NewCard, sealCard } from "../../gateway/src/crypto/card-records.js";
import { currentOf } from "../../gateway/src/crypto/versions.js";
import type { CardRecord, TerminalRecord } from "../../gateway/src/store/records.js";
import type { SeededKeys } from "./keys.js";

export const TEST_PIN = "2468";
export const WRONG_PIN = "1357";

export interface Issuer extends SeededKeys {
  readonly random: Random;
}

/** A card in a test's hand. */
export interface HeldCard {
  readonly id: string;
  readonly accountId: string;
  readonly number: string;
  /** As it is loaded; a change stands for what the operator did to it since. */
  record(change?: Partial<NewCard>): CardRecord;
  /** A fresh message of the chip, its counter one higher than the last. */
  tap(): Evidence;
  /** The message that the chip makes at a counter. */
  tapAt(counter: number): Evidence;
  printedCode(): string;
  /** The code that the app shows from an instant on, Unix milliseconds. */
  appCode(issuedAtMs: number): string;
}

/** Makes the card of a holder. The index makes number and chip identifier, both unlike any other card's. */
export function holdCard(
  { keys, random }: Issuer,
  options: { readonly index: number; readonly accountId: string },
): HeldCard {
  const { index, accountId } = options;
  const id = `card-${index}`;
  const number = withLuhn(`9${String(index).padStart(14, "0")}`);
  const uid = Buffer.from(`04${index.toString(16).padStart(12, "0")}`, "hex");
  const { metaReadKey, fileReadKey } = keys.cards.personalize(uid);
  let counter = 0;

  function tapAt(at: number): Evidence {
    const random5 = random.bytes(5);
    const encryptedPiccData = encryptPiccData({ metaReadKey, uid, counter: at, random5 });
    const macInput = cardMessageMacInput(encryptedPiccData);
    const mac = sdmMac({ fileReadKey, uid, counter: at, macInput });
    return { type: "nfc", message: formatCardMessage({ encryptedPiccData, mac }) };
  }

  return {
    id,
    accountId,
    number,
    record: (change = {}) =>
      sealCard(keys, {
        id,
        accountId,
        status: "ACTIVE",
        generation: "2022",
        cardNumber: number,
        uid,
        pin: TEST_PIN,
        ...change,
      }),
    tap() {
      counter += 1;
      return tapAt(counter);
    },
    tapAt,
    printedCode: () => keys.qr.sign({ kind: "printed", cardNumber: number }),
    appCode(issuedAtMs) {
      const issuedAtSeconds = Math.floor(issuedAtMs / 1000);
      const nonce = random.bytes(QR_NONCE_BYTES);
      return keys.qr.sign({ kind: "app", cardNumber: number, issuedAtSeconds, nonce });
    },
  };
}

/** A terminal with a PIN pad in a test's hand. */
export interface HeldTerminal {
  readonly id: string;
  record(change?: Partial<TerminalRecord>): TerminalRecord;
  /** A PIN block under the pad's next key. */
  pinBlock(card: Numbered, pin?: string): PinBlock;
  /** A PIN block under the key of a counter. */
  pinBlockAt(counter: number, card: Numbered, pin?: string): PinBlock;
  /** Evidence of a printed code and a typed PIN. */
  scan(card: HeldCard, pin?: string): Evidence;
  /** Evidence of a typed number and a typed PIN. */
  key(card: HeldCard, pin?: string): Evidence;
  /** Evidence of an earlier tap and a typed PIN. */
  stepUp(proofRef: string, pin?: string): Extract<Evidence, { type: "proofRef" }>;
}

/** What a PIN block is bound to: a card, or a step-up's number. */
type Numbered = Pick<HeldCard, "number">;

/** Makes a terminal at the test's point of sale. */
export function holdTerminal({ material, random }: Issuer, index: number): HeldTerminal {
  const id = `terminal-${index}`;
  const baseKey = currentOf(material.pinBaseKeys);
  const derivationId = index.toString(16).padStart(8, "0");
  const initialKeyId = Buffer.from(`${baseKey.id}${derivationId}`, "hex");
  const initialKey = deriveInitialKey({ baseKey: Buffer.from(baseKey.key, "hex"), initialKeyId });
  let counter = 0;

  function pinBlockAt(at: number, card: Numbered, pin = TEST_PIN): PinBlock {
    const key = deriveWorkingKey({ initialKey, initialKeyId, counter: at, usage: "pinEncryption" });
    const random8 = random.bytes(8);
    const block = encryptPinBlock({ key, pin, cardNumber: card.number, random8 });
    return {
      ksn: formatKsn({ initialKeyId, counter: at }),
      block: block.toString("hex").toUpperCase(),
    };
  }

  function pinBlock(card: Numbered, pin = TEST_PIN): PinBlock {
    const next = nextCounter(counter);
    if (next === null) throw new Error("a test has used up the keys of a terminal");
    counter = next;
    return pinBlockAt(next, card, pin);
  }

  return {
    id,
    record: (change = {}) => ({
      id,
      pointOfSaleId: "pos-1",
      status: "active",
      certificateFingerprint: index.toString(16).padStart(64, "0"),
      initialKeyId: initialKeyId.toString("hex").toUpperCase(),
      ...change,
    }),
    pinBlock,
    pinBlockAt,
    scan: (card, pin) => ({ type: "qr", token: card.printedCode(), pinBlock: pinBlock(card, pin) }),
    key: (card, pin) => ({ type: "keyed", cardNumber: card.number, pinBlock: pinBlock(card, pin) }),
    stepUp(proofRef, pin) {
      const number = stepUpNumber(proofRef);
      return { type: "proofRef", proofRef, pinBlock: pinBlock({ number }, pin) };
    },
  };
}
