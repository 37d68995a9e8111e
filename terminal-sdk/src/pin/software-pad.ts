// A PIN pad in software: a keyboard that gives digits to this file alone, and a format 4 block that leaves it.

import {
  deriveWorkingKey,
  encryptPinBlock,
  formatKsn,
  fromHex,
  hex,
} from "@pass-tpe/protocol/standards";
import { type RandomSource, systemRandom } from "../clock.js";
import type { PinKey } from "../credentials.js";
import { nodeDisk, type TerminalDisk } from "../disk.js";
import { textOf } from "../errors.js";
import { takeCounter } from "./counter-file.js";
import type { PinPad, PinRequest, PinResult } from "./pad.js";

/** How often the keyboard is asked again when it gives something other than four digits. */
export const PIN_ENTRIES_MAX = 3;

const FOUR_DIGITS = /^[0-9]{4}$/;

export interface SoftwarePinPadOptions {
  /** The initial key of this terminal. */
  readonly pinKey: PinKey;
  /** Where the key counter is kept. Losing this file makes the gateway refuse blocks, never accept one twice. */
  readonly counterFile: string;
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
 * Makes a pad that encrypts under the AES DUKPT key of the next counter (ISO 9564-1 format 4, ANSI X9.24-3-2017).
 *
 * A process can be inspected by whoever owns its machine: for tills on a merchant's own computer, a hardware pad is
 * the safer choice. JavaScript cannot wipe a string; the digits live in as few variables, as briefly, as it allows.
 */
export function softwarePinPad(options: SoftwarePinPadOptions): PinPad {
  return {
    name: "software pin pad",
    requestPin: async (request) => {
      try {
        return await requestPin(options, request);
      } catch {
        // What was thrown is not looked at: whoever sees the digits can name them in its message.
        return failed("the keyboard or the encryption failed; check the keyboard and the PIN key");
      }
    },
    close: () => Promise.resolve(),
  };
}

async function requestPin(
  options: SoftwarePinPadOptions,
  { cardNumber, prompt, signal }: PinRequest,
): Promise<PinResult> {
  const { pinKey, counterFile: path, disk = nodeDisk, random = systemRandom } = options;
  for (let entry = 1; entry <= PIN_ENTRIES_MAX; entry += 1) {
    const pin = await options.digits(prompt, signal);
    if (pin === null || signal.aborted) break;
    if (!FOUR_DIGITS.test(pin)) continue;
    const { initialKeyIdHex } = pinKey;
    // The disk knows nothing of the digits: what it throws helps, and tells nothing.
    const taken = await takeCounter({ disk, path, initialKeyIdHex }).catch((thrown: unknown) => {
      return { ok: false, detail: textOf(thrown) } as const;
    });
    if (!taken.ok) return failed(taken.detail);
    return {
      ok: true,
      pinBlock: seal({ pinKey, counter: taken.counter, pin, cardNumber, random }),
    };
  }
  return { ok: false, reason: "cancelled" };
}

function failed(detail: string): PinResult {
  return { ok: false, reason: "failed", detail };
}

function seal(options: {
  pinKey: PinKey;
  counter: number;
  pin: string;
  cardNumber: string;
  random: RandomSource;
}): { ksn: string; block: string } {
  const { pinKey, counter, pin, cardNumber, random } = options;
  const initialKey = fromHex(pinKey.initialKeyHex);
  const initialKeyId = fromHex(pinKey.initialKeyIdHex);
  const key = deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" });
  try {
    const block = encryptPinBlock({ key, pin, cardNumber, random8: random(8) });
    return { ksn: formatKsn({ initialKeyId, counter }), block: hex(block).toUpperCase() };
  } finally {
    key.fill(0);
    initialKey.fill(0);
  }
}
