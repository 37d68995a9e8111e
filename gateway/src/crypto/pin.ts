// Opens PIN blocks and checks the PIN; no digit leaves this file.

import { createHmac } from "node:crypto";
import type { PinBlock } from "@pass-tpe/protocol";
import {
  decryptPinBlock,
  deriveInitialKey,
  deriveWorkingKey,
  equalConstantTime,
  fromHex,
  isUsableCounter,
  parseKsn,
} from "@pass-tpe/protocol/standards";
import type { PinFacts } from "../core/facts.js";
import type { Credential } from "../core/ports.js";
import type { KeyRing } from "./keys.js";

/** Stands in where a card has no PIN, so that the work is the same. */
const NO_CREDENTIAL = { pinSalt: Buffer.alloc(16), pinVerifier: Buffer.alloc(32) };

/** The verification value of a PIN: HMAC-SHA-256(pepper, card ‖ salt ‖ PIN). */
export function pinVerifier(input: {
  readonly keys: KeyRing;
  readonly cardNumber: string;
  readonly salt: Uint8Array;
  readonly pin: string;
}): Buffer {
  const { keys, cardNumber, salt, pin } = input;
  return createHmac("sha256", keys.pepper).update(cardNumber).update(salt).update(pin).digest();
}

/**
 * Opens a block (ISO 9564-1 format 4) under the AES DUKPT key that its KSN names (ANSI X9.24-3-2017) and compares.
 * Says what it found; whether that is good enough is the core's to decide.
 */
export function verifyPin(input: {
  readonly keys: KeyRing;
  readonly pinBlock: PinBlock;
  /** Null where the presentation names no card: the KSN is read, so that it is used up, and nothing is opened. */
  readonly cardNumber: string | null;
  readonly credential: Credential | null;
}): PinFacts {
  const { keys, pinBlock, cardNumber, credential } = input;
  const ksn = parseKsn(pinBlock.ksn);
  const counter = ksn?.counter ?? 0;
  const found = {
    initialKeyId: ksn ? ksn.initialKeyId.toString("hex").toUpperCase() : "",
    counter,
    counterUsable: isUsableCounter(counter),
    keyVersion: keys.pinKeyVersion,
  };
  if (!ksn || !found.counterUsable || cardNumber === null)
    return { ...found, opened: false, matches: false };
  const initialKey = deriveInitialKey({ baseKey: keys.pinBaseKey, initialKeyId: ksn.initialKeyId });
  const key = deriveWorkingKey({ initialKey, ...ksn, usage: "pinEncryption" });
  const pin = decryptPinBlock({ key, block: fromHex(pinBlock.block), cardNumber });
  const { pinSalt: salt, pinVerifier: expected } = credential ?? NO_CREDENTIAL;
  const presented = pinVerifier({ keys, cardNumber, salt, pin: pin ?? "" });
  const equal = equalConstantTime(presented, expected);
  return { ...found, opened: pin !== null, matches: equal && pin !== null && credential !== null };
}
