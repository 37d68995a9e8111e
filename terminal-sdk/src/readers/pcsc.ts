// The contactless reader: any PC/SC reader on the till, through nfc-pcsc.

import { loadNfc, type Nfc, type NfcReader } from "./pcsc-binding.js";
import { createPcscDevice, isSecurityModuleSlot, type PcscDevice } from "./pcsc-device.js";
import { pcscServiceProblem } from "./pcsc-service.js";
import { createPresentationGate } from "./presentation-gate.js";
import type { ReadCardOptions } from "./read-card.js";
import type { CardReader, ReaderState } from "./reader.js";
import { createRetry } from "./retry.js";

/** How long the service gets to name its readers before none is reported. */
const NAMING_MS = 500;

/** How long `close` waits for a card that does not answer. After it the reader is let go in the background. */
const CLOSE_WAIT_MS = 3_000;

export interface PcscReaderOptions extends ReadCardOptions {
  /** Which PC/SC readers to use, by name. Default: all but slots for security modules. */
  readonly accept?: (readerName: string) => boolean;
}

/** What is remembered of a device in use. */
interface Visits {
  /** The arm and the card of the last read, so that no card is read twice for one arm. */
  last: string;
  /** The card that was presented last; as long as it lies there it is not read again. */
  given: number | null;
}

/**
 * A reader of contactless cards on PC/SC. It uses every accepted reader that is plugged in, follows plugging and
 * unplugging, and waits for the PC/SC service where it does not run.
 *
 * A card that was given is read again only after it was taken away. Needs the optional package nfc-pcsc:
 * without it `open` rejects with a ReaderSetupError that says what to install.
 */
export function pcscReader(options: PcscReaderOptions = {}): CardReader {
  const accept = options.accept ?? ((name: string) => !isSecurityModuleSlot(name));
  const gate = createPresentationGate();
  const retry = createRetry();
  /** Each device in use. */
  const devices = new Map<PcscDevice, Visits>();
  /** Every device that is watched, those that are not wanted too. */
  const watched = new Set<PcscDevice>();
  let makeNfc: (() => Nfc) | null = null;
  let nfc: Nfc | null = null;
  let naming: NodeJS.Timeout | undefined;
  const closed = new AbortController();
  let closing: Promise<void> | null = null;
  let firstState: () => void = () => undefined;

  function state(now: ReaderState): void {
    gate.state(now);
    firstState();
  }

  function read(device: PcscDevice): void {
    const arming = gate.arming();
    const card = device.cardToRead();
    const visits = devices.get(device);
    const visit = `${arming}/${card}`;
    if (arming === null || card === null || visits === undefined || visits.last === visit) return;
    visits.last = visit;
    if (visits.given === card) {
      gate.cardLeft(arming);
      return;
    }
    const startedMs = performance.now();
    const { reading, settled } = device.read(options);
    void reading.then((result) => {
      if (!result.ok) gate.refuse(arming, result.code, result.detail);
      else if (gate.present(arming, result.presented, performance.now() - startedMs)) {
        visits.given = card;
      }
    });
    void settled.then(() => read(device));
  }

  function addDevice(reader: NfcReader): void {
    const device = createPcscDevice(reader, {
      cardArrived: () => read(device),
      gone: (reason) => {
        watched.delete(device);
        if (!devices.delete(device)) return;
        if (devices.size === 0) state({ status: "absent", reason });
      },
      failed: (reason) => {
        if (watched.has(device)) lost(`${reader.name} failed: ${reason}; see whether pcscd runs`);
      },
    });
    watched.add(device);
    if (!accept(reader.name)) return;
    devices.set(device, { last: "", given: null });
    clearTimeout(naming);
    retry.succeeded();
    setImmediate(() => {
      if (devices.has(device)) state({ status: "ready" });
    });
  }

  async function look(): Promise<void> {
    const problem = await pcscServiceProblem(closed.signal);
    if (closing !== null || makeNfc === null) return;
    if (problem !== null) lost(problem);
    else watch(makeNfc);
  }

  function watch(make: () => Nfc): void {
    let found: Nfc;
    try {
      found = make();
    } catch (error) {
      lost(`the PC/SC service refused: ${error instanceof Error ? error.message.trim() : error}`);
      return;
    }
    nfc = found;
    naming = setTimeout(() => {
      state({ status: "absent", reason: "no contactless reader is plugged in: plug one in" });
    }, NAMING_MS);
    // Listened to for good: closing makes it report its own cancelled wait, which unheard would end the process.
    found.on("error", (error) => {
      setImmediate(() => {
        if (nfc === found) lost(`the PC/SC service ended: ${error.message.trim()}; start pcscd`);
      });
    });
    found.on("reader", addDevice);
  }

  function lost(reason: string): void {
    void letGo();
    state({ status: "absent", reason });
    retry.schedule(() => void look());
  }

  /** Lets go of the service and of every device; a device with a command under way follows when that ends. */
  async function letGo(): Promise<void> {
    clearTimeout(naming);
    const ending = [...watched];
    watched.clear();
    devices.clear();
    nfc?.close();
    nfc = null;
    await Promise.all(ending.map((device) => device.settled().then(() => device.close())));
  }

  return {
    name: "pcsc",
    async open(sink) {
      const NfcClass = await loadNfc();
      makeNfc = () => new NfcClass();
      gate.open(sink);
      const given = new Promise<void>((resolve) => {
        firstState = resolve;
      });
      await look();
      await given;
    },
    arm() {
      gate.arm();
      for (const device of devices.keys()) read(device);
    },
    disarm: () => gate.disarm(),
    close() {
      closing ??= (async () => {
        gate.close();
        closed.abort();
        retry.stop();
        let timer: NodeJS.Timeout | undefined;
        const longEnough = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, CLOSE_WAIT_MS);
        });
        await Promise.race([letGo(), longEnough]);
        clearTimeout(timer);
        firstState();
      })();
      return closing;
    },
  };
}
