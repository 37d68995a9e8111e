// A reader as software: the SDK's own way of reading, against a software card, without PC/SC and without a wait.

import {
  type CardReader,
  createPresentationGate,
  type ReadCardOptions,
  readCard,
} from "@pass-tpe/terminal-sdk";
import type { VirtualCard } from "../card/virtual-card.js";

export interface SimulatedReaderOptions extends ReadCardOptions {
  /** How long a command takes, in milliseconds. Default 0; a real tap takes 10 to 30. */
  readonly apduMs?: number;
  /** Waits. Default: the real clock. Only called where `apduMs` is above zero. */
  readonly delay?: (ms: number) => Promise<void>;
  /** A clock that never steps. Default: the real one. */
  readonly monotonicMs?: () => number;
}

export interface SimulatedReader extends CardReader {
  /**
   * Puts a card on the reader; it stays there until {@link remove} or the next card. One that was given is not read
   * again until it is tapped anew.
   */
  tap(card: VirtualCard): void;
  /** Takes the card away, in the middle of a read too. */
  remove(): void;
  /** Shows a QR code with this text. */
  scan(text: string): void;
  /** Pulls the reader's cable. */
  unplug(): void;
  /** Plugs it in again. */
  plug(): void;
}

const realDelay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A reader for tests of tills: what lies on it and what it sees is told by the test. */
export function simulatedReader(options: SimulatedReaderOptions = {}): SimulatedReader {
  const { apduMs = 0, delay = realDelay, monotonicMs = () => performance.now() } = options;
  const gate = createPresentationGate();
  let card: VirtualCard | null = null;
  /** The card that lies there was given, and must leave before it is read again. */
  let isGiven = false;
  let isPlugged = true;

  async function read(): Promise<void> {
    const read = card;
    const arming = gate.arming();
    if (read === null || arming === null || !isPlugged) return;
    if (isGiven) return gate.cardLeft(arming);
    const startedMs = monotonicMs();
    const reading = await readCard((apdu) => exchange(read, apdu), options);
    if (!reading.ok) gate.refuse(arming, reading.code, reading.detail);
    else if (gate.present(arming, reading.presented, monotonicMs() - startedMs)) {
      isGiven = card === read;
    }
  }

  async function exchange(read: VirtualCard, apdu: Uint8Array): Promise<Uint8Array> {
    if (apduMs > 0) await delay(apduMs);
    const answer = card === read ? read.transmit(apdu) : null;
    if (answer !== null) return answer;
    // PC/SC shows a card that was taken away as an answer of no bytes; a silent card gives none at all.
    if (read.isRemoved && card === read) card = null;
    if (card !== read) return new Uint8Array(0);
    return new Promise(() => undefined);
  }

  const state = () =>
    gate.state(
      isPlugged
        ? { status: "ready" }
        : { status: "absent", reason: "the simulated reader is unplugged" },
    );

  return {
    name: "simulated",
    async open(sink) {
      gate.open(sink);
      state();
    },
    arm() {
      gate.arm();
      void read();
    },
    disarm: () => gate.disarm(),
    async close() {
      gate.close();
    },
    tap(tapped) {
      card = tapped;
      isGiven = false;
      tapped.powerOn();
      void read();
    },
    remove() {
      card = null;
    },
    scan(text) {
      if (isPlugged) gate.present(gate.arming(), { kind: "qr", text }, 0);
    },
    unplug() {
      isPlugged = false;
      card = null;
      state();
    },
    plug() {
      isPlugged = true;
      state();
    },
  };
}
