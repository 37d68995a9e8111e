// A PIN pad in virtual time: real blocks under the pad's next key, for the PIN that the plan has the holder type.

import {
  deriveInitialKey,
  deriveWorkingKey,
  encryptPinBlock,
  formatKsn,
  nextCounter,
} from "@pass-tpe/protocol/standards";
import type { PinPad, PinRequest } from "@pass-tpe/terminal-sdk";
import type { Life } from "./life.js";
import type { Stream } from "./random.js";

const TYPING_MS = 2_000;
const BLOCK_RANDOM_BYTES = 8;

/** The device itself: its key, and how far it has used its keys up. It outlives the till's processes. */
export class PadDevice {
  readonly initialKeyId: Buffer;
  readonly #initialKey: Buffer;
  readonly #random: Stream;
  #counter = 0;
  /** What the holder will type. */
  digits = "";

  constructor(options: {
    readonly baseKey: { readonly id: string; readonly key: string };
    /** Tells it from every other pad. */
    readonly number: number;
    readonly random: Stream;
  }) {
    const { baseKey, number, random } = options;
    const derivationId = number.toString(16).padStart(8, "0");
    this.initialKeyId = Buffer.from(`${baseKey.id}${derivationId}`, "hex");
    this.#initialKey = deriveInitialKey({
      baseKey: Buffer.from(baseKey.key, "hex"),
      initialKeyId: this.initialKeyId,
    });
    this.#random = random;
  }

  /** Encrypts what is typed now, under a key that is never used again (ISO 9564-1 format 4, AES DUKPT). */
  encrypt(cardNumber: string) {
    const counter = nextCounter(this.#counter);
    if (counter === null) throw new Error("a simulated pad has used up its keys");
    this.#counter = counter;
    const { initialKeyId } = this;
    const initialKey = this.#initialKey;
    const key = deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" });
    const random8 = this.#random.bytes(BLOCK_RANDOM_BYTES);
    const block = encryptPinBlock({ key, pin: this.digits, cardNumber, random8 });
    const ksn = formatKsn({ initialKeyId, counter });
    return { ksn, block: block.toString("hex").toUpperCase() };
  }
}

/** The device as one process of the till sees it. */
export function simulatedPad(device: PadDevice, life: Life): PinPad {
  return {
    name: "simulated pad",
    async requestPin({ cardNumber, signal }: PinRequest) {
      const typed = life.pause(TYPING_MS).then(() => true);
      const cancelled = new Promise<boolean>((resolve) => {
        signal.addEventListener("abort", () => resolve(false), { once: true });
      });
      if (signal.aborted || !(await Promise.race([typed, cancelled]))) {
        return { ok: false, reason: "cancelled" };
      }
      return { ok: true, pinBlock: device.encrypt(cardNumber) };
    },
    close: async () => undefined,
  };
}
