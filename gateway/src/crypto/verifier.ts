// Turns evidence into facts: card messages, QR tokens, PIN blocks, under the gateway's keys.

import type { Evidence, PinBlock } from "@pass-tpe/protocol";
import {
  type CardMessage,
  cardFileReadKey,
  decryptPiccData,
  equalConstantTime,
  isCardNumber,
  parseCardMessage,
  parseQrToken,
  type QrToken,
  sdmMac,
  verifyQrToken,
} from "@pass-tpe/protocol/standards";
import type { Facts } from "../core/facts.js";
import type { EvidenceVerifier, OpenedEvidence } from "../core/ports.js";
import { identifierIndex, numberIndex, requestFingerprint } from "./indexes.js";
import { CARD_APPLICATION_ID, CARD_SYSTEM_ID, type KeyRing } from "./keys.js";
import { verifyPin } from "./pin.js";

/** How long an app code lives, so that there is time to type the PIN; and the step by which clocks may differ. */
const APP_CODE_LIFETIME_MS = 60_000;
const APP_CODE_STEP_MS = 30_000;

const UID_BYTES = 7;
const MAC_BYTES = 8;

/** Stands in for a message that is none, so that refusing it costs the same work. */
const NO_MESSAGE: CardMessage = {
  encryptedPiccData: Buffer.alloc(16),
  mac: Buffer.alloc(MAC_BYTES),
  macInput: "",
};

interface OpenedMessage extends OpenedEvidence {
  readonly kind: "nfcMessage";
  readonly message: CardMessage | null;
  readonly picc: { readonly uid: Uint8Array; readonly counter: number } | null;
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
interface OpenedOther extends OpenedEvidence {
  readonly kind: "nfcIdentifier" | "proof";
}
export type Opened = OpenedMessage | OpenedQr | OpenedKeyed | OpenedOther;

/** Builds the verifier over a set of keys. */
export function createVerifier(keys: KeyRing): EvidenceVerifier<Opened> {
  return {
    open: (evidence) => open(keys, evidence),
    verify: ({ opened, credential, nowMs }): Facts => {
      switch (opened.kind) {
        case "nfcMessage":
          return verifyMessage(keys, opened);
        case "qr": {
          const { cardNumber, pinBlock } = opened;
          const pin = pinBlock && verifyPin({ keys, pinBlock, cardNumber, credential });
          return { kind: "qr", ...verifyToken({ keys, opened, nowMs }), pin };
        }
        case "keyed": {
          const { pinBlock, cardNumber } = opened;
          const pin = pinBlock ? verifyPin({ keys, pinBlock, cardNumber, credential }) : null;
          return { kind: "keyed", pin };
        }
        case "nfcIdentifier":
        case "proof":
          return { kind: opened.kind };
      }
    },
    fingerprint: (request) => requestFingerprint(keys, request),
  };
}

function open(keys: KeyRing, evidence: Evidence): Opened {
  switch (evidence.type) {
    case "nfc":
      return "message" in evidence
        ? openMessage(keys, evidence.message)
        : openIdentifier(keys, evidence.identifier);
    case "qr":
      return openQr(keys, evidence.token, evidence.pinBlock ?? null);
    case "keyed": {
      const { cardNumber, pinBlock = null } = evidence;
      const locator = { by: "number", index: numberIndex(keys, cardNumber) } as const;
      return { kind: "keyed", cardNumber, pinBlock, locator, appCodeKey: null };
    }
    case "proofRef":
      return { kind: "proof", locator: { by: "proof", ref: evidence.proofRef }, appCodeKey: null };
  }
}

/** A static identifier names a card and proves nothing; the core knows which cards may do with that. */
function openIdentifier(keys: KeyRing, identifier: string): OpenedOther {
  const index = identifierIndex(keys, Buffer.from(identifier, "hex"));
  return { kind: "nfcIdentifier", locator: { by: "identifier", index }, appCodeKey: null };
}

function openMessage(keys: KeyRing, uri: string): OpenedMessage {
  const message = parseCardMessage(uri);
  const { encryptedPiccData } = message ?? NO_MESSAGE;
  const picc = decryptPiccData({ metaReadKey: keys.metaReadKey, encrypted: encryptedPiccData });
  const index = identifierIndex(keys, picc?.uid ?? Buffer.alloc(UID_BYTES));
  return {
    kind: "nfcMessage",
    message,
    picc,
    locator: { by: "identifier", index },
    appCodeKey: null,
  };
}

/** Verifies the message's MAC under the card's own key (NXP NT4H2421Gx §9.3, AN10922). */
function verifyMessage(keys: KeyRing, { message, picc }: OpenedMessage): Facts {
  const { uid, counter } = picc ?? { uid: Buffer.alloc(UID_BYTES), counter: 0 };
  const { mac, macInput } = message ?? NO_MESSAGE;
  const fileReadKey = cardFileReadKey({
    masterKey: keys.cardMasterKey,
    uid,
    applicationId: CARD_APPLICATION_ID,
    systemId: CARD_SYSTEM_ID,
  });
  const equal = equalConstantTime(sdmMac({ fileReadKey, uid, counter, macInput }), mac);
  const genuine = equal && picc !== null && message !== null;
  return { kind: "nfcMessage", genuine, counter, keyVersion: keys.cardKeyVersion };
}

function openQr(keys: KeyRing, text: string, pinBlock: PinBlock | null): OpenedQr {
  const parsed = parseQrToken(text);
  const token = parsed.ok ? parsed.token : null;
  const cardNumber = token?.cardNumber ?? (isCardNumber(text) ? text : null);
  const locator =
    cardNumber === null ? null : ({ by: "number", index: numberIndex(keys, cardNumber) } as const);
  const appCodeKey = token?.kind === "app" ? `${token.keyId}.${token.nonce.toString("hex")}` : null;
  return { kind: "qr", token, cardNumber, pinBlock, locator, appCodeKey };
}

function verifyToken(input: {
  readonly keys: KeyRing;
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
  if (token.keyId !== keys.qr.keyId) return { ...known, token: "unknownKey" };
  if (!verifyQrToken({ token, publicKey: keys.qr.publicKey })) {
    return { ...known, token: "wrongSignature" };
  }
  if (token.kind !== "app" || appCodeKey === null) return { ...known, token: "valid" };
  const issuedAtMs = token.issuedAtSeconds * 1_000;
  const expiresAtMs = issuedAtMs + APP_CODE_LIFETIME_MS + APP_CODE_STEP_MS;
  const inTime = nowMs >= issuedAtMs - APP_CODE_STEP_MS && nowMs < expiresAtMs;
  if (!inTime) return { ...known, token: "outOfTime" };
  return { ...known, token: "valid", appCode: { key: appCodeKey, expiresAtMs } };
}
