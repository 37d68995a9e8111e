// Whether the card proved itself, and its holder where a PIN is asked; and what the presentation consumes.

import type { Channel } from "@pass-tpe/protocol";
import type { Effect, Refusal } from "./decision.js";
import type { Facts, PinFacts } from "./facts.js";
import type { Card, CardStatus, Snapshot } from "./model.js";
import type { Programme } from "./programme.js";

interface CredentialInput {
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  readonly programme: Programme;
  readonly nowMs: number;
  /** Records on NFC never ask that a PIN exists (T-11). */
  readonly recordOnly: boolean;
}

interface CredentialResult {
  readonly refusal: Refusal | null;
  readonly effects: readonly Effect[];
}

/** The channel of a presentation; null for a proof that is not known. */
export function channelOf(facts: Facts, snapshot: Snapshot): Channel | null {
  switch (facts.kind) {
    case "nfcMessage":
    case "nfcIdentifier":
      return "NFC";
    case "qr":
      return "QR";
    case "keyed":
      return "KEYED";
    case "proof":
      return snapshot.proof?.channel ?? null;
  }
}

/**
 * What the first attempt that presents it uses up, whatever the outcome: a genuine card message, an app code, a KSN,
 * a proof. So that nothing that was seen on the wire can be presented again.
 */
export function consumption(facts: Facts, snapshot: Snapshot): readonly Effect[] {
  switch (facts.kind) {
    case "nfcMessage": {
      const { card } = snapshot;
      if (!card || !facts.genuine || facts.counter <= card.messageCounter) return [];
      return [
        {
          type: "advanceCardCounter",
          cardId: card.id,
          from: card.messageCounter,
          to: facts.counter,
        },
      ];
    }
    case "nfcIdentifier":
      return [];
    case "qr": {
      const effects: Effect[] = [...ksnConsumption(facts.pin, snapshot)];
      if (facts.appCode && facts.token === "valid" && !snapshot.appCodeUsed) {
        effects.push({ type: "consumeAppCode", ...facts.appCode });
      }
      return effects;
    }
    case "keyed":
      return ksnConsumption(facts.pin, snapshot);
    case "proof": {
      const { proof, terminal } = snapshot;
      const used = ksnConsumption(facts.pin ?? null, snapshot);
      if (!proof || proof.used || proof.terminalId !== terminal.id) return used;
      return [...used, { type: "consumeProof", ref: proof.ref }];
    }
  }
}

function ksnConsumption(pin: PinFacts | null, snapshot: Snapshot): readonly Effect[] {
  const { terminal } = snapshot;
  if (!pin || !isFreshKsn(pin, snapshot)) return [];
  return [
    { type: "advanceKsn", terminalId: terminal.id, from: terminal.ksnCounter, to: pin.counter },
  ];
}

/** A KSN is accepted once and only upward, and only with the key that this terminal was given. */
function isFreshKsn(pin: PinFacts, snapshot: Snapshot): boolean {
  const { terminal } = snapshot;
  return (
    pin.counterUsable &&
    pin.initialKeyId === terminal.initialKeyId &&
    pin.counter > terminal.ksnCounter
  );
}

/**
 * Evidence, card lookup, card status, then the PIN: presence, KSN and block, set, locked, value, in that order
 * (outcomes rule 2). A PIN try is consumed at the value and nowhere else.
 */
export function checkCredential(input: CredentialInput): CredentialResult {
  const refusal =
    checkEvidence(input) ?? checkCardStatus(input.snapshot.card) ?? checkPinDefinedForNfc(input);
  if (refusal) return { refusal, effects: [] };
  const { facts, snapshot, programme } = input;
  const { card } = snapshot;
  const asksPin = facts.kind === "qr" || facts.kind === "keyed" || isStepUp(facts);
  if (!asksPin || !card) return { refusal: null, effects: [] };
  return checkPin({ pin: facts.pin ?? null, card, snapshot, programme });
}

/** Whether the card was tapped and nothing more: where its generation has ceilings, they hold. */
export function isTapAlone(facts: Facts, snapshot: Snapshot): boolean {
  return channelOf(facts, snapshot) === "NFC" && !isStepUp(facts);
}

/** Whether the code secret came after a tap: then the tap is worth as much as a scan with it. */
export function isStepUp(facts: Facts): facts is Extract<Facts, { kind: "proof" }> {
  return facts.kind === "proof" && facts.pin !== undefined;
}

function checkEvidence({ facts, snapshot, programme, nowMs }: CredentialInput): Refusal | null {
  const { card } = snapshot;
  const generation = card ? programme.generations.get(card.generation) : undefined;
  switch (facts.kind) {
    case "nfcMessage": {
      if (!facts.genuine) return { code: "CARD_NOT_GENUINE" };
      if (!card) return { code: "CARD_UNKNOWN" };
      const fresh = facts.counter > card.messageCounter;
      return generation?.nfc === "sdm" && fresh ? null : { code: "CARD_NOT_GENUINE" };
    }
    case "nfcIdentifier":
      if (!card) return { code: "CARD_UNKNOWN" };
      // Never a fallback for a card that can prove itself: a phone can clone an identifier (T-12).
      return generation?.nfc === "identifier" ? null : { code: "CARD_NOT_GENUINE" };
    case "qr":
      if (facts.token !== "valid" || snapshot.appCodeUsed) return { code: "QR_INVALID" };
      if (!card) return { code: facts.tokenKind === "number" ? "QR_INVALID" : "CARD_UNKNOWN" };
      // The bare number counts only on cards that were printed with nothing better.
      return facts.tokenKind === "number" && generation?.qr !== "number"
        ? { code: "QR_INVALID" }
        : null;
    case "keyed":
      return card ? null : { code: "CARD_UNKNOWN" };
    case "proof":
      return isProofGood(snapshot, nowMs) && isProofOfTap(facts, snapshot)
        ? null
        : { code: "PROOF_EXPIRED" };
  }
}

function isProofGood({ proof, terminal, card }: Snapshot, nowMs: number): boolean {
  return (
    proof !== null &&
    card !== null &&
    !proof.used &&
    proof.terminalId === terminal.id &&
    proof.cardId === card.id &&
    nowMs < proof.expiresAtMs
  );
}

/** A code secret follows a tap alone: with a scan or a typed number it came at once. */
function isProofOfTap(facts: Facts, { proof }: Snapshot): boolean {
  return !isStepUp(facts) || proof?.channel === "NFC";
}

const STATUS_REFUSALS: Record<CardStatus, Refusal | null> = {
  ACTIVE: null,
  LOST: { code: "CARD_LOST" },
  STOLEN: { code: "CARD_STOLEN" },
  BLOCKED: { code: "CARD_BLOCKED" },
  REPLACED: { code: "CARD_EXPIRED" },
  EXPIRED: { code: "CARD_EXPIRED" },
  ORDERED: { code: "CARD_NOT_ACTIVE" },
};

function checkCardStatus(card: Card | null): Refusal | null {
  return card ? STATUS_REFUSALS[card.status] : null;
}

/** On NFC the PIN is not typed, but it must exist: the card was taken into use by its owner (T-11). */
function checkPinDefinedForNfc({
  facts,
  snapshot,
  programme,
  recordOnly,
}: CredentialInput): Refusal | null {
  const asked = programme.settings.nfcRequiresPinDefined && !recordOnly;
  // By channel, so that the proof of a tap for a record does not open the way to a debit.
  const tapped = channelOf(facts, snapshot) === "NFC";
  if (!tapped || isStepUp(facts) || !asked || !snapshot.card || snapshot.card.pinSet) return null;
  return { code: "PIN_NOT_SET" };
}

function checkPin(input: {
  readonly pin: PinFacts | null;
  readonly card: Card;
  readonly snapshot: Snapshot;
  readonly programme: Programme;
}): CredentialResult {
  const { pin, card, snapshot, programme } = input;
  const triesMax = programme.settings.pinTriesMax;
  const refuse = (code: Refusal["code"]): CredentialResult => ({ refusal: { code }, effects: [] });
  if (!pin) return refuse("PIN_REQUIRED");
  // A block without a set PIN still opens: the terminal's trouble is told apart from the holder's.
  if (!isFreshKsn(pin, snapshot) || !pin.opened) return refuse("PIN_BLOCK_INVALID");
  if (!card.pinSet) return refuse("PIN_NOT_SET");
  if (card.pinFailures >= triesMax) return refuse("PIN_LOCKED");
  if (pin.matches) {
    const effects: Effect[] =
      card.pinFailures === 0
        ? []
        : [{ type: "setPinFailures", cardId: card.id, from: card.pinFailures, to: 0 }];
    return { refusal: null, effects };
  }
  const failures = card.pinFailures + 1;
  const effects: Effect[] = [
    { type: "setPinFailures", cardId: card.id, from: card.pinFailures, to: failures },
  ];
  return { refusal: wrongPin(triesMax - failures), effects };
}

/** The third error is already answered as locked (outcomes rule 8). */
function wrongPin(triesLeft: number): Refusal {
  if (triesLeft === 0) return { code: "PIN_LOCKED" };
  if (triesLeft === 1) return { code: "PIN_INCORRECT_LAST", figures: { triesLeft } };
  return { code: "PIN_INCORRECT", figures: { triesLeft } };
}
