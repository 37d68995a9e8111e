// Keyed entry: the 16-digit number on the back of the card, where neither the card nor its code can be read.

import { isCardNumber } from "@pass-tpe/protocol/standards";
import { createPresentationGate } from "./presentation-gate.js";
import type { CardReader } from "./reader.js";

export interface KeyedEntry extends CardReader {
  /**
   * Takes the number as it was typed; blanks are left out. A number with a slip of the finger is refused as
   * `CARD_UNREADABLE` and can be typed again. Dropped while no card is wanted.
   */
  enter(cardNumber: string): void;
}

/** The reader for a till with a keyboard. It has no device and is always ready. */
export function keyedEntry(): KeyedEntry {
  const gate = createPresentationGate();
  return {
    name: "keyed",
    needsPin: true,
    async open(sink) {
      gate.open(sink);
      gate.state({ status: "ready" });
    },
    arm: () => gate.arm(),
    disarm: () => gate.disarm(),
    async close() {
      gate.close();
    },
    enter(typed) {
      const cardNumber = typed.replace(/\s/g, "");
      if (isCardNumber(cardNumber)) {
        gate.present(gate.arming(), { kind: "keyed", cardNumber }, 0);
        return;
      }
      const detail =
        "keyed entry: not 16 digits with a right check digit, ask for it to be typed again";
      gate.refuse(gate.arming(), "CARD_UNREADABLE", detail);
    },
  };
}
