// The PinPad port: the one place where PIN digits exist; only an encrypted block ever leaves it.

import type { PinBlock } from "@pass-tpe/protocol";
import type { PinKey } from "./pin-key-file.js";

export interface PinRequest {
  /** The card number that the block is bound to (ISO 9564-1 format 4). */
  readonly cardNumber: string;
  /** What the holder is asked, in French, at most two lines of 32 characters. */
  readonly prompt: readonly [string, string];
  /** Aborted when the sale is cancelled or its time is over. */
  readonly signal: AbortSignal;
}

export type PinResult =
  | { readonly ok: true; readonly pinBlock: PinBlock }
  /** The holder pressed cancel or let the time run out. */
  | { readonly ok: false; readonly reason: "cancelled" }
  /** The pad cannot encrypt: no key, keys exhausted, device gone. */
  | { readonly ok: false; readonly reason: "failed"; readonly detail: string };

/** A PIN pad. Hardware pads implement this and return the block that they made. */
export interface PinPad {
  readonly name: string;
  requestPin(request: PinRequest): Promise<PinResult>;
  /**
   * Takes the initial key that came with renewed credentials, durably: the same once more changes nothing. A pad whose
   * keys come by another way leaves this out: its terminal keeps the PIN key that it has when it is renewed.
   */
  installKey?(pinKey: PinKey): Promise<void>;
  close(): Promise<void>;
}
