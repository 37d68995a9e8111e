// Runs the vectors of the PIN block.
import { strict as assert } from "node:assert";
import {
  cardNumberField,
  decryptPinBlock,
  encryptPinBlock,
  hex,
} from "@pass-tpe/protocol/standards";
import { bytes, type Fields, type Runner, text } from "../vector-file.js";
import { rawDecrypt } from "./platform-aes.js";

export const pinBlockRunners: Readonly<Record<string, Runner>> = {
  pinblock4: runPinBlock,
  reject_pinblock4: (input) => {
    const block = bytes(input, "encryptedPinBlock");
    const options = { key: bytes(input, "key"), block, cardNumber: text(input, "pan") };
    return { accept: decryptPinBlock(options) !== null };
  },
};

/** Where a vector gives no random bytes, those in its own block are used to make it again. */
export function runPinBlock(input: Fields, expected: Fields): Fields {
  const key = bytes(input, "key");
  const pin = text(input, "pin");
  const cardNumber = text(input, "pan");
  const panField = cardNumberField(cardNumber);
  const random8 =
    "random" in input
      ? bytes(input, "random")
      : rawDecrypt(key, firstPass(key, bytes(expected, "encryptedPinBlock"), panField)).subarray(8);
  const block = encryptPinBlock({ key, pin, cardNumber, random8 });
  assert.equal(decryptPinBlock({ key, block, cardNumber }), pin);
  return {
    encryptedPinBlock: hex(block),
    intermediateA: hex(firstPass(key, block, panField)),
    panField: hex(panField),
  };
}

/** The PIN field after the first of the two encryptions ("intermediate block A"). */
function firstPass(key: Buffer, block: Buffer, panField: Buffer): Buffer {
  return Buffer.from(rawDecrypt(key, block).map((byte, at) => byte ^ (panField[at] ?? 0)));
}
