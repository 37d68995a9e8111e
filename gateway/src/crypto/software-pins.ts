// What is done with the PIN keys: open PIN blocks, compare, make verification values, give terminals their keys.

import { constants, createHmac, publicEncrypt } from "node:crypto";
import {
  decryptPinBlock,
  deriveInitialKey,
  deriveWorkingKey,
  equalConstantTime,
  fromHex,
  hex,
  isUsableCounter,
  parseKsn,
} from "@pass-tpe/protocol/standards";
import { assert } from "../core/assert.js";
import type { Credential, Random } from "../core/ports.js";
import type { KeyMaterial } from "./key-file.js";
import type { PinKeyStore } from "./key-store.js";
import { openNumber, sealNumber } from "./number-seal.js";
import { currentOf } from "./versions.js";

const DERIVATION_ID_BYTES = 4;
const PIN_SALT_BYTES = 16;

/** Stand in where there is no card, no PIN or no block that opens, so that the work is the same. */
const NO_CARD_NUMBER = "0000000000000000";
const NO_PIN = "0000";
const NO_CREDENTIAL = { pinSalt: Buffer.alloc(PIN_SALT_BYTES), pinVerifier: Buffer.alloc(32) };

type Check = Parameters<PinKeyStore["check"]>[0];

interface BaseKey {
  readonly version: number;
  readonly id: Buffer;
  readonly key: Buffer;
}
interface Pepper {
  readonly version: number;
  readonly key: Buffer;
}

/** The PIN keys of a key file. */
export function softwarePins(
  file: Pick<KeyMaterial, "pinBaseKeys" | "peppers" | "numberKey">,
  random: Random,
): PinKeyStore {
  const baseKeys = file.pinBaseKeys.map(baseKeyOf);
  const currentBaseKey = baseKeyOf(currentOf(file.pinBaseKeys));
  const peppers = file.peppers.map(pepperOf);
  const currentPepper = pepperOf(currentOf(file.peppers));
  const numberKey = Buffer.from(file.numberKey, "hex");
  const noSealedNumber = sealNumber({ numberKey, random, cardNumber: NO_CARD_NUMBER });

  const baseKeyNamedBy = (initialKeyId: Uint8Array | undefined) =>
    baseKeys.find(({ id }) => initialKeyId && id.equals(initialKeyId.subarray(0, id.length)));

  function defineFor({ cardNumber, pin }: { cardNumber: string; pin: string }): Credential {
    const salt = random.bytes(PIN_SALT_BYTES);
    const pinVerifier = verificationValue({ pepper: currentPepper, cardNumber, salt, pin });
    return { pinSalt: salt, pinVerifier, pinKeyVersion: currentPepper.version };
  }

  /** Whether it is the card's PIN. A version of the pepper that is not accepted any more matches nothing. */
  function matches(pin: string | null, { card, credential }: Pick<Check, "card" | "credential">) {
    const cardNumber =
      typeof card === "string" ? card : openNumber(numberKey, card?.sealedNumber ?? noSealedNumber);
    const named = peppers.find(({ version }) => version === credential?.pinKeyVersion);
    const { pinSalt: salt, pinVerifier: expected } = credential ?? NO_CREDENTIAL;
    const pepper = named ?? currentPepper;
    const presented = verificationValue({ pepper, cardNumber, salt, pin: pin ?? NO_PIN });
    const equal = equalConstantTime(presented, expected);
    return equal && pin !== null && card !== null && named !== undefined;
  }

  return {
    check({ pinBlock, boundTo, card, credential }) {
      const ksn = parseKsn(pinBlock.ksn);
      const counter = ksn?.counter ?? 0;
      const named = baseKeyNamedBy(ksn?.initialKeyId);
      const { key: baseKey, version: keyVersion } = named ?? currentBaseKey;
      const found = {
        initialKeyId: ksn ? hex(ksn.initialKeyId).toUpperCase() : "",
        counter,
        counterUsable: isUsableCounter(counter),
        keyVersion,
      };
      if (!ksn || !found.counterUsable || boundTo === null) {
        return { ...found, opened: false, matches: false };
      }
      const initialKey = deriveInitialKey({ baseKey, initialKeyId: ksn.initialKeyId });
      const key = deriveWorkingKey({ initialKey, ...ksn, usage: "pinEncryption" });
      const pin = decryptPinBlock({ key, block: fromHex(pinBlock.block), cardNumber: boundTo });
      const isCardsPin = matches(pin, { card, credential });
      const opened = pin !== null && named !== undefined;
      return { ...found, opened, matches: opened && isCardsPin };
    },

    isSame: ({ sealedNumber, pin, credential }) =>
      matches(pin, { card: { sealedNumber }, credential }),
    define: ({ sealedNumber, pin }) =>
      defineFor({ cardNumber: openNumber(numberKey, sealedNumber), pin }),
    defineFor,

    drawInitialKeyId() {
      const derivationId = random.bytes(DERIVATION_ID_BYTES);
      return hex(Buffer.concat([currentBaseKey.id, derivationId])).toUpperCase();
    },

    baseVersionOf: (initialKeyId) => baseKeyNamedBy(fromHex(initialKeyId))?.version ?? null,

    wrapInitialKey({ initialKeyId, recipient }) {
      const id = fromHex(initialKeyId);
      const named = baseKeyNamedBy(id);
      assert(named, "an initial key id begins with the id of a base key that is accepted");
      const initialKey = deriveInitialKey({ baseKey: named.key, initialKeyId: id });
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const to = { key: recipient, padding, oaepHash: "sha256" };
      return publicEncrypt(to, initialKey).toString("base64");
    },
  };
}

const baseKeyOf = ({ version, id, key }: KeyMaterial["pinBaseKeys"][number]): BaseKey => ({
  version,
  id: Buffer.from(id, "hex"),
  key: Buffer.from(key, "hex"),
});

const pepperOf = ({ version, key }: KeyMaterial["peppers"][number]): Pepper => ({
  version,
  key: Buffer.from(key, "hex"),
});

/** HMAC-SHA-256(pepper, card ‖ salt ‖ PIN). */
function verificationValue(input: {
  readonly pepper: Pepper;
  readonly cardNumber: string;
  readonly salt: Uint8Array;
  readonly pin: string;
}): Buffer {
  const { pepper, cardNumber, salt, pin } = input;
  return createHmac("sha256", pepper.key).update(cardNumber).update(salt).update(pin).digest();
}
