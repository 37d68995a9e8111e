// Turns evidence into facts: card messages, QR tokens, PIN blocks, under the gateway's keys.

import type { Evidence, PinBlock } from "@pass-tpe/protocol";
import {
  isCardNumber,
  parseCardMessage,
  parseQrToken,
  type QrToken,
  stepUpNumber,
  verifyQrToken,
} from "@pass-tpe/protocol/standards";
import type { Facts } from "../core/facts.js";
import type { Credential, EvidenceVerifier, OpenedEvidence } from "../core/ports.js";
import type { KeyStore, OpenedCardMessage } from "./key-store.js";

/** How long an app code lives, so that there is time to type the PIN; and the step by which clocks may differ. */
const APP_CODE_LIFETIME_MS = 60_000;
const APP_CODE_STEP_MS = 30_000;

const UID_BYTES = 7;

interface OpenedMessage extends OpenedEvidence {
  readonly kind: "nfcMessage";
  readonly message: OpenedCardMessage;
}
interface OpenedQr extends OpenedEvidence {
  readonly kind: "qr";
  readonly token: QrToken | null;
  /** The number that the code names: the token's, or the whole text of an older card's code. */
  readonly cardNumber: string | null;
  readonly pinBlock: PinBlock | null;
}
interface OpenedKeyed extends OpenedEvidence {
  readonly kind: "keyed";
  readonly cardNumber: string;
  readonly pinBlock: PinBlock | null;
}
interface OpenedProof extends OpenedEvidence {
  readonly kind: "proof";
  readonly proofRef: string;
  readonly pinBlock: PinBlock | null;
}
interface OpenedIdentifier extends OpenedEvidence {
  readonly kind: "nfcIdentifier";
}
export type Opened = OpenedMessage | OpenedQr | OpenedKeyed | OpenedProof | OpenedIdentifier;

/** Builds the verifier over the gateway's keys. */
export function createVerifier(keys: KeyStore): EvidenceVerifier<Opened> {
  /** A block is bound to the number that is shown with it, and it is that card's PIN. */
  const checkPin = (pinBlock: PinBlock, cardNumber: string | null, credential: Credential | null) =>
    keys.pins.check({ pinBlock, boundTo: cardNumber, card: cardNumber, credential });
  return {
    open: (evidence) => open(keys, evidence),
    verify: ({ opened, credential, sealedNumber, nowMs }): Facts => {
      switch (opened.kind) {
        case "nfcMessage": {
          const { genuine, counter, keyVersion } = opened.message;
          return { kind: "nfcMessage", genuine, counter, keyVersion };
        }
        case "qr": {
          const { cardNumber, pinBlock } = opened;
          const pin = pinBlock && checkPin(pinBlock, cardNumber, credential);
          return { kind: "qr", ...verifyToken({ keys, opened, nowMs }), pin };
        }
        case "keyed": {
          const { pinBlock, cardNumber } = opened;
          const pin = pinBlock && checkPin(pinBlock, cardNumber, credential);
          return { kind: "keyed", pin };
        }
        case "proof": {
          const { pinBlock, proofRef } = opened;
          if (!pinBlock) return { kind: "proof" };
          const boundTo = stepUpNumber(proofRef);
          const card = sealedNumber && { sealedNumber };
          return { kind: "proof", pin: keys.pins.check({ pinBlock, boundTo, card, credential }) };
        }
        case "nfcIdentifier":
          return { kind: "nfcIdentifier" };
      }
    },
    fingerprint: (request) => keys.indexes.request(request),
  };
}

function open(keys: KeyStore, evidence: Evidence): Opened {
  switch (evidence.type) {
    case "nfc":
      return "message" in evidence
        ? openMessage(keys, evidence.message)
        : openIdentifier(keys, evidence.identifier);
    case "qr":
      return openQr(keys, evidence.token, evidence.pinBlock ?? null);
    case "keyed": {
      const { cardNumber, pinBlock = null } = evidence;
      const locator = { by: "number", index: keys.indexes.number(cardNumber) } as const;
      return { kind: "keyed", cardNumber, pinBlock, locator, isNamed: true, appCodeKey: null };
    }
    case "proofRef": {
      const { proofRef, pinBlock = null } = evidence;
      const locator = { by: "proof", ref: proofRef } as const;
      return { kind: "proof", proofRef, pinBlock, locator, isNamed: true, appCodeKey: null };
    }
  }
}

/** A static identifier names a card and proves nothing; the core knows which cards may do with that. */
function openIdentifier(keys: KeyStore, identifier: string): OpenedIdentifier {
  const index = keys.indexes.identifier(Buffer.from(identifier, "hex"));
  const locator = { by: "identifier", index } as const;
  return { kind: "nfcIdentifier", locator, isNamed: true, appCodeKey: null };
}

function openMessage(keys: KeyStore, uri: string): OpenedMessage {
  const message = keys.cards.open(parseCardMessage(uri));
  const index = keys.indexes.identifier(message.uid ?? Buffer.alloc(UID_BYTES));
  const locator = { by: "identifier", index } as const;
  return {
    kind: "nfcMessage",
    message,
    locator,
    isNamed: message.uid !== null,
    appCodeKey: null,
  };
}

function openQr(keys: KeyStore, text: string, pinBlock: PinBlock | null): OpenedQr {
  const parsed = parseQrToken(text);
  const token = parsed.ok ? parsed.token : null;
  const cardNumber = token?.cardNumber ?? (isCardNumber(text) ? text : null);
  const locator =
    cardNumber === null
      ? null
      : ({ by: "number", index: keys.indexes.number(cardNumber) } as const);
  const appCodeKey = token?.kind === "app" ? `${token.keyId}.${token.nonce.toString("hex")}` : null;
  const isNamed = cardNumber !== null;
  return { kind: "qr", token, cardNumber, pinBlock, locator, isNamed, appCodeKey };
}

function verifyToken(input: {
  readonly keys: KeyStore;
  readonly opened: OpenedQr;
  readonly nowMs: number;
}): Omit<Extract<Facts, { kind: "qr" }>, "kind" | "pin"> {
  const { keys, opened, nowMs } = input;
  const { token, cardNumber, appCodeKey } = opened;
  if (!token) {
    const none = { appCode: null, keyId: null };
    return cardNumber === null
      ? { token: "malformed", tokenKind: null, ...none }
      : { token: "valid", tokenKind: "number", ...none };
  }
  const known = { tokenKind: token.kind, keyId: token.keyId, appCode: null };
  const named = keys.qr.named(token.keyId);
  if (!named) return { ...known, token: "unknownKey" };
  if (!verifyQrToken({ token, publicKey: named.publicKey })) {
    return { ...known, token: "wrongSignature" };
  }
  if (token.kind !== "app" || appCodeKey === null) return { ...known, token: "valid" };
  const issuedAtMs = token.issuedAtSeconds * 1_000;
  const expiresAtMs = issuedAtMs + APP_CODE_LIFETIME_MS + APP_CODE_STEP_MS;
  const inTime = nowMs >= issuedAtMs - APP_CODE_STEP_MS && nowMs < expiresAtMs;
  if (!inTime) return { ...known, token: "outOfTime" };
  return { ...known, token: "valid", appCode: { key: appCodeKey, expiresAtMs } };
}
