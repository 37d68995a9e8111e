// Puts a software card into the real PC/SC service, through its virtual reader (vsmartcard's vpcd).

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fromHex } from "@pass-tpe/protocol/standards";
import type { VirtualCard } from "../card/virtual-card.js";
import { createVpcdFrameParser, type VpcdMessage, vpcdFrame } from "./vpcd-frame.js";

/** Where Debian's package vsmartcard-vpcd waits for a card. */
export const VPCD_PORT = 35_963;

/** What an NTAG 424 DNA answers to reset, as a contactless PC/SC reader shows it. */
const ANSWER_TO_RESET = fromHex("3B8180018080");

/** The service asks for the answer to reset twice before it powers a card that it takes for a new one. */
const ATR_ASKED_BEFORE_POWER_MAX = 2;

/**
 * Before a card is put down. When the service finds a card gone it looks for another at once, and one that it
 * found in that look would pass for the first; nothing tells from outside that the look is over.
 */
const SWAP_MS = 100;

/** How often a card is put down anew because the service took it for the one before. */
const INSERT_TRIES_MAX = 5;

/** The service looks at the card every 400 ms; one that has not looked after this long never will. */
const NOTICED_MS_MAX = 5_000;

export interface VpcdReader {
  /**
   * Puts a card on the virtual reader, in place of one that lies there; resolves when the PC/SC service has noticed
   * it and given it power, within a second or so.
   *
   * @throws Error when no virtual reader waits at the port (start pcscd with the package vsmartcard-vpcd), or the
   * service gives the card no power.
   */
  insert(card: VirtualCard): Promise<void>;
  /** Takes the card away; resolves when the service has noticed it. Nothing happens where none lies there. */
  remove(): Promise<void>;
}

/** The virtual reader of a PC/SC service: the one that {@link startPcscd} gave, or Debian's usual one on this machine. */
export function vpcdReader(options: { port?: number; host?: string } = {}): VpcdReader {
  const { port = VPCD_PORT, host = "127.0.0.1" } = options;
  let socket: Socket | null = null;

  async function remove(): Promise<void> {
    const leaving = socket;
    socket = null;
    if (leaving === null || leaving.closed) return;
    await new Promise<void>((resolve) => {
      const hopeless = setTimeout(() => leaving.destroy(), NOTICED_MS_MAX);
      leaving.once("close", () => {
        clearTimeout(hopeless);
        resolve();
      });
      // Half-closed: the service closes its half when it looks at the card next and finds it gone.
      leaving.end();
    });
  }

  return {
    remove,
    async insert(card) {
      for (let tries = 0; tries < INSERT_TRIES_MAX; tries += 1) {
        await remove();
        await sleep(SWAP_MS);
        socket = await connected(host, port);
        if (await serve(socket, card)) return;
      }
      throw new Error("the PC/SC service gives the card no power: look at the output of pcscd");
    },
  };
}

/**
 * Answers for the card from now on. True when the service gave it power; false when it took the card for the one
 * before, as it does where one card went and the next came between two of its looks, or hung up.
 */
function serve(socket: Socket, card: VirtualCard): Promise<boolean> {
  return new Promise((resolve) => {
    const parse = createVpcdFrameParser();
    let atrAsked = 0;
    socket.on("data", (chunk) => {
      for (const message of parse(chunk)) {
        respond(socket, card, message);
        if (message.type === "powerOn") resolve(true);
        if (message.type === "atr") atrAsked += 1;
        if (atrAsked > ATR_ASKED_BEFORE_POWER_MAX) resolve(false);
      }
    });
    // The service hangs up when it stops: to the card that is a removal.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(false));
  });
}

function respond(socket: Socket, card: VirtualCard, message: VpcdMessage): void {
  switch (message.type) {
    case "atr":
      socket.write(vpcdFrame(ANSWER_TO_RESET));
      return;
    case "powerOn":
    case "reset":
      card.powerOn();
      return;
    case "powerOff":
      return;
    case "apdu": {
      const answer = card.transmit(message.apdu);
      if (answer !== null) socket.write(vpcdFrame(answer));
      else if (card.isRemoved) socket.end();
    }
  }
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error) => {
      const what = `no virtual reader at ${host}:${port}: install vsmartcard-vpcd and start pcscd`;
      reject(new Error(what, { cause: error }));
    });
  });
}
