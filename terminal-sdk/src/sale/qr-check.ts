// Whether a scanned text is a code of the programme, before anybody is asked for a PIN.

import type { KeyObject } from "node:crypto";
import { isCardNumber, parseQrToken, verifyQrToken } from "@pass-tpe/protocol/standards";

type QrCheck =
  | { readonly ok: true; readonly cardNumber: string }
  /** For the integrator's log, in English. Holds nothing of the code. */
  | { readonly ok: false; readonly detail: string };

/**
 * Checks form and signature. Age and reuse are the gateway's to judge: the terminal's clock decides nothing.
 *
 * @param options.bareNumbers whether cards are in circulation whose code is the bare card number; the gateway says so
 * in the terminal's profile, and judges which cards those are.
 */
export function checkQr(options: {
  text: string;
  keys: ReadonlyMap<string, KeyObject>;
  bareNumbers: boolean;
}): QrCheck {
  if (options.bareNumbers && isCardNumber(options.text)) {
    return { ok: true, cardNumber: options.text };
  }
  const parsed = parseQrToken(options.text);
  if (!parsed.ok) return { ok: false, detail: `not a Pass'Région code: ${parsed.reason}` };
  const { token } = parsed;
  const publicKey = options.keys.get(token.keyId);
  if (publicKey === undefined) return { ok: false, detail: "signed with an unknown key" };
  if (!verifyQrToken({ token, publicKey })) return { ok: false, detail: "signature does not fit" };
  return { ok: true, cardNumber: token.cardNumber };
}
