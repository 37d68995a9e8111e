// One PC/SC reader: whether a card lies on it, and one read of that card at a time.

import { ANSWER_BYTES_MAX } from "./apdu.js";
import { readAnswerToReset } from "./atr.js";
import type { BindingReader, NfcReader } from "./pcsc-binding.js";
import { type CardReading, type ReadCardOptions, readCard, type Transmit } from "./read-card.js";

/**
 * Named so by most drivers; for the ACS ACR1251 and ACR1252 some only number their two slots, and the second is it
 * (github.com/acshk/acsccid, issue 10).
 */
const SECURITY_MODULE_SLOT = /\bSAM\b|ACR125\d.*(\(2\)( \d\d)?|\d\d 01)$/i;

/** Whether a PC/SC reader name is that of a slot for a security module, where no customer puts a card. */
export function isSecurityModuleSlot(readerName: string): boolean {
  return SECURITY_MODULE_SLOT.test(readerName);
}

/** What a device tells its owner. All calls come from a turn of the event loop of their own. */
interface PcscDeviceListener {
  /** A card was put on the reader. */
  cardArrived(): void;
  /** The reader was unplugged; the service names it again when it is back. */
  gone(reason: string): void;
  /** The reader, or the service under it, failed; the service does not name it again by itself. */
  failed(reason: string): void;
}

export interface PcscDevice {
  readonly name: string;
  /** Which card lies there: a number that is another for each card put down. Null: none, or being read. */
  cardToRead(): number | null;
  /**
   * Reads the card. `settled` comes when the device can be used again: with the reading, or, for a card that
   * did not answer before the deadline, when the reader gives it up.
   */
  read(options: ReadCardOptions): { reading: Promise<CardReading>; settled: Promise<void> };
  /** Comes when no command is under way. */
  settled(): Promise<void>;
  /** Lets go of the reader. Only once {@link settled}: a command under way would hold up the whole process. */
  close(): void;
}

/** Watches one reader of nfc-pcsc. */
export function createPcscDevice(reader: NfcReader, listener: PcscDeviceListener): PcscDevice {
  const binding = reader.reader;
  let card: number | null = null;
  let atr: Uint8Array | null = null;
  let work: Promise<void> | null = null;

  // nfc-pcsc's own handler would connect to each card by itself, and loses the error where that fails.
  reader.autoProcessing = false;
  binding.removeAllListeners("status");
  binding.on("status", ({ state, atr: shown }) => {
    const isPresent = (state & binding.SCARD_STATE_PRESENT) !== 0;
    atr = isPresent && shown !== undefined ? Buffer.from(shown) : null;
    const now = isPresent ? state >>> 16 : null;
    if (now === card) return;
    card = now;
    if (now !== null) setImmediate(() => listener.cardArrived());
  });
  reader.on("error", (error) => {
    card = null;
    setImmediate(() => listener.failed(error.message.trim()));
  });
  reader.on("end", () => {
    card = null;
    setImmediate(() => listener.gone(`${reader.name} was unplugged: plug it in`));
  });

  return {
    name: reader.name,
    cardToRead: () => (work === null ? card : null),
    read(options) {
      const session = openSession(binding);
      const shown = atr;
      const reading = readCard(session.transmit, options).then((read) => told(read, shown));
      work = reading
        .then(() => session.end())
        .finally(() => {
          work = null;
        });
      return { reading, settled: work };
    },
    settled: () => work ?? Promise.resolve(),
    close: () => reader.close(),
  };
}

/** A refusal with what the reader takes the card for: that tells a memory card or a phone from a broken Pass'Région. */
function told(reading: CardReading, atr: Uint8Array | null): CardReading {
  if (reading.ok || atr === null || atr.length === 0) return reading;
  const { kind, meaning, tckOk } = readAnswerToReset(atr);
  const card = kind === "storage" ? `a memory card, ${meaning}` : meaning;
  const check = tckOk || kind === "other" ? "" : ", with a wrong check byte";
  return { ...reading, detail: `${reading.detail} (on the reader: ${card}${check})` };
}

/** One connection to one card. Connecting is part of its first command, so that the read's deadline covers it. */
function openSession(binding: BindingReader): { transmit: Transmit; end(): Promise<void> } {
  let protocol: Promise<number> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return {
    transmit(apdu) {
      protocol ??= connect(binding);
      const answer = protocol.then((active) => transmit(binding, active, apdu));
      last = answer.catch(() => undefined);
      return answer;
    },
    async end() {
      await last;
      await disconnect(binding);
    },
  };
}

function connect(binding: BindingReader): Promise<number> {
  return new Promise((resolve, reject) => {
    binding.connect({ share_mode: binding.SCARD_SHARE_SHARED }, (error, protocol) => {
      if (error || protocol === undefined) reject(error ?? new Error("no protocol was agreed"));
      else resolve(protocol);
    });
  });
}

function transmit(binding: BindingReader, protocol: number, apdu: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    binding.transmit(Buffer.from(apdu), ANSWER_BYTES_MAX, protocol, (error, answer) => {
      if (error || answer === undefined) reject(error ?? new Error("no answer"));
      else resolve(answer);
    });
  });
}

function disconnect(binding: BindingReader): Promise<void> {
  return new Promise((resolve) => {
    binding.disconnect(binding.SCARD_LEAVE_CARD, () => {
      // After a failed disconnect the binding would take itself for connected and never connect again.
      binding.connected = false;
      resolve();
    });
  });
}
