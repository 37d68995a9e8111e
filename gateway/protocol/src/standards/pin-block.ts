// The encrypted PIN as it leaves the PIN pad, bound to one card number.
import { AES_BLOCK_BYTES, decryptBlocks, encryptBlocks, xor } from "./aes.js";
import { assertLength, fromHex, hex } from "./bytes.js";

/** The PIN lengths of the standard, in digits; what a programme asks for is its own matter. */
export const MIN_PIN_DIGITS = 4;
export const MAX_PIN_DIGITS = 12;

/** The longest card number of ISO/IEC 7812, in digits. */
export const MAX_CARD_NUMBER_DIGITS = 19;

const RANDOM_BYTES = 8;
const FORMAT_4 = "4";
const PIN_FILLER = "a";
const PIN_HALF_DIGITS = 16;
const FIELD_DIGITS = 32;

/** Digits of a card number that are not counted, because every number has them. */
const UNCOUNTED_DIGITS = 12;

const PIN_TEXT = /^[0-9]{4,12}$/;
const CARD_NUMBER_TEXT = /^[0-9]{1,19}$/;

/**
 * A format 4 PIN block.
 *
 * @param options.key an AES key of 16 or 32 bytes, used for this block only.
 * @param options.pin 4 to 12 digits.
 * @param options.cardNumber 1 to 19 digits; the block opens under no other.
 * @param options.random8 8 fresh random bytes, so that equal PINs give unlike blocks.
 * @returns 16 bytes.
 * @throws RangeError on any other argument; the error never holds the PIN or the card number.
 * Source: ISO 9564-1:2017 section 9.4.
 */
export function encryptPinBlock(options: {
  key: Uint8Array;
  pin: string;
  cardNumber: string;
  random8: Uint8Array;
}): Buffer {
  const { key, pin, cardNumber, random8 } = options;
  if (!PIN_TEXT.test(pin)) throw new RangeError("pin: the caller must pass 4 to 12 digits");
  assertLength({ name: "random8", bytes: random8, length: RANDOM_BYTES });
  const pinField = Buffer.concat([fromHex(pinHalf(pin)), random8]);
  const sealedPin = encryptBlocks({ key, data: pinField });
  return encryptBlocks({ key, data: xor(sealedPin, cardNumberField(cardNumber)) });
}

/**
 * The PIN in a format 4 block, or null when the block is not one of this key and card number.
 *
 * A wrong key or card number gives null but for about one block in ten million, nearly all of them
 * with a PIN of 12 digits.
 *
 * @throws RangeError on a key or card number that is not one.
 * Source: ISO 9564-1:2017 section 9.4.
 */
export function decryptPinBlock(options: {
  key: Uint8Array;
  block: Uint8Array;
  cardNumber: string;
}): string | null {
  const { key, block, cardNumber } = options;
  const numberField = cardNumberField(cardNumber);
  if (block.byteLength !== AES_BLOCK_BYTES) return null;
  const sealedPin = xor(decryptBlocks({ key, data: block }), numberField);
  const half = hex(decryptBlocks({ key, data: sealedPin })).slice(0, PIN_HALF_DIGITS);
  const length = Number.parseInt(half.slice(1, 2), 16);
  const pin = half.slice(2, 2 + length);
  // Writing the half anew checks the control digit, the length and all of the filler at once.
  return PIN_TEXT.test(pin) && pinHalf(pin) === half ? pin : null;
}

/**
 * The card number as the block takes it in, 16 bytes: digits beyond 12, number, zeros.
 *
 * A number of fewer than 12 digits is filled with zeros on the left.
 *
 * @throws RangeError when it is not 1 to 19 digits.
 */
export function cardNumberField(cardNumber: string): Buffer {
  if (!CARD_NUMBER_TEXT.test(cardNumber)) {
    throw new RangeError("cardNumber: the caller must pass 1 to 19 digits");
  }
  const digits = cardNumber.padStart(UNCOUNTED_DIGITS, "0");
  return fromHex(`${digits.length - UNCOUNTED_DIGITS}${digits}`.padEnd(FIELD_DIGITS, "0"));
}

/** Control digit, length digit, PIN, filler: the first 8 bytes of the field, as hex. */
function pinHalf(pin: string): string {
  const length = pin.length.toString(16);
  return `${FORMAT_4}${length}${pin}`.padEnd(PIN_HALF_DIGITS, PIN_FILLER);
}
