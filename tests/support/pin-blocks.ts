// A PIN pad in a test's hand: a PIN block under the terminal's next key, bound to whatever number the test says.

import { randomBytes } from "node:crypto";
import type { PinBlock } from "@pass-tpe/protocol";
import {
  deriveWorkingKey,
  encryptPinBlock,
  formatKsn,
  fromHex,
  hex,
  nextCounter,
} from "@pass-tpe/protocol/standards";

export type MakePinBlock = (cardNumber: string, pin: string) => PinBlock;

/** Encrypts under the next key of a terminal's pad (ISO 9564-1 format 4, ANSI X9.24-3-2017). */
export function pinBlocksUnder(pinKey: {
  readonly initialKeyHex: string;
  readonly initialKeyIdHex: string;
}): MakePinBlock {
  const initialKey = fromHex(pinKey.initialKeyHex);
  const initialKeyId = fromHex(pinKey.initialKeyIdHex);
  let counter = 0;
  return (cardNumber, pin) => {
    const next = nextCounter(counter);
    if (next === null) throw new Error("a test has used up the keys of a terminal");
    counter = next;
    const key = deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" });
    const block = encryptPinBlock({ key, pin, cardNumber, random8: randomBytes(8) });
    return { ksn: formatKsn({ initialKeyId, counter }), block: hex(block).toUpperCase() };
  };
}
