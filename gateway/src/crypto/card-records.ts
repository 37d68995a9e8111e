// Makes the record of a card as it is stored: indexes, the encrypted number, the PIN's verification value.

import { createCipheriv } from "node:crypto";
import { isCardNumber, lastFour } from "@pass-tpe/protocol/standards";
import { assert } from "../core/assert.js";
import type { CardStatus } from "../core/model.js";
import type { Credential, Random } from "../core/ports.js";
import { identifierIndex, numberIndex } from "./indexes.js";
import type { KeyRing } from "./keys.js";
import { pinVerifier } from "./pin.js";

const GCM_NONCE_BYTES = 12;
const PIN_SALT_BYTES = 16;

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
export interface SealedCard {
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
export function sealCard(keys: KeyRing, random: Random, card: NewCard): SealedCard {
  assert(isCardNumber(card.cardNumber), "a card number is 16 digits with a Luhn check digit");
  const { id, accountId, status, generation, cardNumber, uid, pin } = card;
  return {
    id,
    accountId,
    status,
    generation,
    lastFour: lastFour(cardNumber),
    numberIndex: numberIndex(keys, cardNumber),
    numberEncrypted: encryptNumber(keys, random, cardNumber),
    identifierIndex: uid && identifierIndex(keys, uid),
    credential: pin === null ? null : credentialOf({ keys, random, cardNumber, pin }),
  };
}

/** AES-256-GCM: nonce ‖ ciphertext ‖ tag. */
function encryptNumber(keys: KeyRing, random: Random, cardNumber: string): Buffer {
  const nonce = random.bytes(GCM_NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keys.numberKey, nonce);
  return Buffer.concat([
    nonce,
    cipher.update(cardNumber, "ascii"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

function credentialOf(input: {
  readonly keys: KeyRing;
  readonly random: Random;
  readonly cardNumber: string;
  readonly pin: string;
}): Credential {
  const pinSalt = input.random.bytes(PIN_SALT_BYTES);
  return {
    pinSalt,
    pinVerifier: pinVerifier({ ...input, salt: pinSalt }),
    pinKeyVersion: input.keys.pinKeyVersion,
  };
}
