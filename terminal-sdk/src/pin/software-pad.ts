// A PIN pad in software: a keyboard that gives digits to this file alone, and a format 4 block that leaves it.

import { encryptPinBlock, formatKsn, hex } from "@pass-tpe/protocol/standards";
import { type RandomSource, systemRandom } from "../clock.js";
import { nodeDisk, type TerminalDisk } from "../disk.js";
import { textOf } from "../errors.js";
import type { PinPad, PinRequest, PinResult } from "./pad.js";
import { installPinKey, type PinKey, type TakenPinKey, takePinKey } from "./pin-key-file.js";

/** How often the keyboard is asked again when it gives something other than four digits. */
export const PIN_ENTRIES_MAX = 3;

const FOUR_DIGITS = /^[0-9]{4}$/;

export interface SoftwarePinPadOptions {
  /** Where the pad's keys are kept, readable by their owner alone. Enrolment fills it, or `installPinKey`. */
  readonly keyFile: string;
  /**
   * An initial key to put into the file before the first block, where the file has none or another one. Not needed
   * after an enrolment. A key that this file had before and lost again would begin anew, and the gateway refuses
   * its blocks.
   */
  readonly pinKey?: PinKey;
  /**
   * The keyboard, inside the pad: shows the prompt and resolves with the digits typed, or null when the holder
   * cancels or the signal fires. It must keep no copy and log nothing.
   */
  readonly digits: (
    prompt: readonly [string, string],
    signal: AbortSignal,
  ) => Promise<string | null>;
  readonly random?: RandomSource;
  readonly disk?: TerminalDisk;
}

/**
 * Makes a pad that encrypts each PIN under a new AES DUKPT key (ISO 9564-1 format 4, ANSI X9.24-3-2017). A key that
 * was used has left the file before its block leaves the pad.
 *
 * A process can be inspected by whoever owns its machine: for tills on a merchant's own computer, a hardware pad is
 * the safer choice. JavaScript cannot wipe a string; the digits live in as few variables, as briefly, as it allows.
 */
export function softwarePinPad(options: SoftwarePinPadOptions): PinPad {
  const { keyFile: path, digits, pinKey, random = systemRandom, disk = nodeDisk } = options;
  let toInstall = pinKey;

  async function takeKey(): Promise<TakenPinKey> {
    if (toInstall !== undefined) await installPinKey({ path, pinKey: toInstall, disk });
    toInstall = undefined;
    return takePinKey({ path, disk });
  }

  return {
    name: "software pin pad",
    requestPin: async (request) => {
      try {
        const pin = await fourDigits(digits, request);
        if (pin === null) return { ok: false, reason: "cancelled" };
        // The key file knows nothing of the digits: what it throws helps, and tells nothing.
        const key = await takeKey().catch((thrown: unknown) => textOf(thrown));
        if (typeof key === "string") return failed(key);
        const { cardNumber } = request;
        return { ok: true, pinBlock: seal({ key, pin, cardNumber, random8: random(8) }) };
      } catch {
        // What was thrown is not looked at: whoever sees the digits can name them in its message.
        return failed("the keyboard or the encryption failed; check the keyboard");
      }
    },
    installKey: async (newKey) => {
      await installPinKey({ path, pinKey: newKey, disk });
      toInstall = undefined;
    },
    close: () => Promise.resolve(),
  };
}

/** Null when the holder cancels, gives no four digits in a few entries, or the sale is over. */
async function fourDigits(
  digits: SoftwarePinPadOptions["digits"],
  { prompt, signal }: PinRequest,
): Promise<string | null> {
  for (let entry = 1; entry <= PIN_ENTRIES_MAX; entry += 1) {
    const pin = await digits(prompt, signal);
    if (pin === null || signal.aborted) return null;
    if (FOUR_DIGITS.test(pin)) return pin;
  }
  return null;
}

function failed(detail: string): PinResult {
  return { ok: false, reason: "failed", detail };
}

function seal(options: {
  key: TakenPinKey;
  pin: string;
  cardNumber: string;
  random8: Uint8Array;
}): { ksn: string; block: string } {
  const { key, pin, cardNumber, random8 } = options;
  const { workingKey } = key;
  try {
    const block = encryptPinBlock({ key: workingKey, pin, cardNumber, random8 });
    return { ksn: formatKsn(key), block: hex(block).toUpperCase() };
  } finally {
    workingKey.fill(0);
  }
}
