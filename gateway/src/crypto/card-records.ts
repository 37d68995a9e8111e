// Makes the record of a card as it is stored: indexes, the encrypted number, the PIN's verification value.

import { isCardNumber, lastFour } from "@pass-tpe/protocol/standards";
import { assert } from "../core/assert.js";
import type { LoadedCard } from "../core/loading/event.js";
import type { CardStatus } from "../core/model.js";
import type { Credential } from "../core/ports.js";
import type { KeyStore } from "./key-store.js";

/** Of a number's index in a card's id: 96 bits, so that two of all cards ever made do not meet. */
const CARD_ID_BYTES = 12;

export interface NewCard {
  readonly id: string;
  readonly accountId: string;
  readonly status: CardStatus;
  readonly generation: string;
  readonly cardNumber: string;
  /** The chip's identifier, 7 bytes; null for a card without a chip. */
  readonly uid: Uint8Array | null;
  /** Four digits as the holder chose them; null until they did. */
  readonly pin: string | null;
}

/** What a stored card is made of, beside what is plain. */
interface SealedCard {
  readonly id: string;
  readonly accountId: string;
  readonly status: CardStatus;
  readonly generation: string;
  readonly lastFour: string;
  readonly numberIndex: Uint8Array;
  readonly numberEncrypted: Uint8Array;
  readonly identifierIndex: Uint8Array | null;
  readonly credential: Credential | null;
}

/** Seals a card for the store. The number must have passed its Luhn check before. */
export function sealCard(keys: KeyStore, card: NewCard): SealedCard {
  const { id, accountId, status, generation, cardNumber, pin } = card;
  return {
    id,
    accountId,
    status,
    generation,
    ...sealNumbers(keys, card),
    credential: pin === null ? null : keys.pins.defineFor({ cardNumber, pin }),
  };
}

/** A card as the Région's systems send it. */
export interface SentCard {
  readonly generation: string;
  readonly cardNumber: string;
  /** The chip's identifier, 7 bytes; null for a card without a chip. */
  readonly uid: Uint8Array | null;
}

/** Seals a card that an event brings; its id comes from its number, so that a later event finds it by that. */
export function sealSentCard(keys: KeyStore, card: SentCard): LoadedCard {
  return {
    id: cardIdOf(keys, card.cardNumber),
    generation: card.generation,
    ...sealNumbers(keys, card),
  };
}

/** The id of the card that has a number: the beginning of the number's index, which reveals no number. */
export function cardIdOf(keys: KeyStore, cardNumber: string): string {
  return `C-${keys.indexes.number(cardNumber).toString("hex", 0, CARD_ID_BYTES)}`;
}

function sealNumbers(
  keys: KeyStore,
  { cardNumber, uid }: Pick<SentCard, "cardNumber" | "uid">,
): Pick<SealedCard, "lastFour" | "numberIndex" | "numberEncrypted" | "identifierIndex"> {
  assert(isCardNumber(cardNumber), "a card number is 16 digits with a Luhn check digit");
  return {
    lastFour: lastFour(cardNumber),
    numberIndex: keys.indexes.number(cardNumber),
    numberEncrypted: keys.cards.sealNumber(cardNumber),
    identifierIndex: uid && keys.indexes.identifier(uid),
  };
}
