// The number that the PIN block of a step-up is bound to, in the place of a card number that the terminal never learns.

import { createHash } from "node:crypto";
import { CARD_NUMBER_DIGITS, withLuhn } from "./card-number.js";

const DOMAIN = "pass-tpe step-up";

/**
 * Sixteen digits with their check digit, made from the `proofRef` of the tap that asked for the code secret. A block of
 * ISO 9564-1 format 4 is bound to a card number; a tapped card keeps its own from the terminal, so that the block is
 * bound to the one presentation that it belongs to.
 *
 * @param proofRef as the declined answer gave it.
 */
export function stepUpNumber(proofRef: string): string {
  const digest = createHash("sha256").update(`${DOMAIN}\0${proofRef}`).digest();
  const digits = CARD_NUMBER_DIGITS - 1;
  const number = digest.readBigUInt64BE(0) % 10n ** BigInt(digits);
  return withLuhn(number.toString().padStart(digits, "0"));
}
