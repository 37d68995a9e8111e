// The part of nfc-pcsc 0.8.1 that is used, as types, and its loading when a till asks for it.

import { loadOptionalPackage } from "./optional-package.js";
import { ReaderSetupError } from "./reader.js";

/** What PC/SC says of a reader: bits of SCARD_STATE_*, the count of card movements in the upper half. */
interface BindingStatus {
  readonly state: number;
  /** The answer to reset of the card that lies there. */
  readonly atr?: Buffer;
}

type Callback<Value> = (error: Error | null | undefined, value?: Value) => void;

/**
 * One reader of the native binding, `reader.reader` in nfc-pcsc.
 *
 * It holds a lock while it calls its listeners, and `close` takes the same lock: closing from within a listener
 * would hang the process, so every listener here defers its work.
 */
export interface BindingReader {
  readonly SCARD_STATE_PRESENT: number;
  readonly SCARD_SHARE_SHARED: number;
  readonly SCARD_LEAVE_CARD: number;
  connected: boolean;
  on(event: "status", listener: (status: BindingStatus) => void): unknown;
  removeAllListeners(event: "status"): unknown;
  connect(options: { share_mode: number }, done: Callback<number>): void;
  transmit(data: Buffer, answerBytesMax: number, protocol: number, done: Callback<Buffer>): void;
  disconnect(disposition: number, done: Callback<never>): void;
}

/** nfc-pcsc's Reader. Without an `error` listener any fault of the device ends the process. */
export interface NfcReader {
  readonly name: string;
  readonly reader: BindingReader;
  autoProcessing: boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  close(): void;
}

/** nfc-pcsc's NFC: watches which readers there are. */
export interface Nfc {
  on(event: "reader", listener: (reader: NfcReader) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): void;
}

type NfcConstructor = new () => Nfc;

const INSTALL =
  "apt-get install pcscd libpcsclite-dev (on Debian), then npm install nfc-pcsc@0.8.1";

/**
 * Loads nfc-pcsc.
 *
 * @throws ReaderSetupError when it, or the PC/SC library under it, is not installed.
 */
export async function loadNfc(): Promise<NfcConstructor> {
  const loaded = await loadOptionalPackage(() => import("nfc-pcsc"), INSTALL);
  if (isNfcConstructor(loaded.NFC)) return loaded.NFC;
  throw new ReaderSetupError(`this nfc-pcsc has no NFC class. On this till, run: ${INSTALL}`);
}

function isNfcConstructor(value: unknown): value is NfcConstructor {
  return typeof value === "function";
}
