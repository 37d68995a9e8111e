// One life of a till's process: the real SDK over a simulated disk, clock, reader, pad and wire.

import {
  type CardReader,
  type Deadlines,
  Journal,
  type KeyedEntry,
  keyedEntry,
  type ReaderSink,
  Terminal,
  type TerminalClock,
} from "@pass-tpe/terminal-sdk";
import { type SimulatedReader, simulatedReader } from "../../readers/direct-reader.js";
import { Life } from "./life.js";
import type { Network } from "./network.js";
import { type PadDevice, simulatedPad } from "./pin-pad.js";
import type { Stream } from "./random.js";
import { type DiskWeather, type Platter, simulatedDisk } from "./terminal-disk.js";
import type { Timeline } from "./timeline.js";

const JOURNAL = "journal";
/** So little that a till rewrites its journal in the middle of most days. */
const COMPACT_BYTES = 3_000;
/** How long a chip takes for a command, in virtual milliseconds. */
export const APDU_MS = 15;

export interface TerminalLifeOptions {
  readonly timeline: Timeline;
  readonly name: string;
  readonly network: Pick<Network, "dial" | "forget">;
  readonly platter: Platter;
  readonly diskWeather: DiskWeather;
  readonly pad: PadDevice;
  /** Wall time in Unix milliseconds, as this machine has it. */
  readonly nowMs: () => number;
  readonly random: Stream;
  readonly deadlines?: Partial<Deadlines>;
}

export interface TerminalLife {
  readonly life: Life;
  readonly terminal: Terminal;
  readonly reader: SimulatedReader;
  readonly keyed: KeyedEntry;
  /** The chip's message that was presented last; null before any. */
  lastTap(): string | null;
  /** Presents a message that somebody recorded, where a card is waited for. */
  replay(message: string): void;
  /** Remembers a promise that must settle as long as this process lives. */
  awaits(what: string, promise: Promise<unknown>): void;
  /** What it still waits for. */
  unsettled(): readonly string[];
}

/** Opens a terminal on what its machine has kept. Never resolves where its life ends before. */
export async function startTerminalLife(
  options: TerminalLifeOptions,
  life: Life = new Life(options.timeline),
): Promise<TerminalLife> {
  const { timeline, name, network, platter, diskWeather, pad, nowMs, random } = options;
  const clock: TerminalClock = {
    nowMs,
    monotonicMs: () => timeline.nowMs,
    after: (delayMs, run) => life.after(delayMs, run),
  };
  life.atEnd(() => {
    network.forget(name);
    platter.loseUnsynced(diskWeather);
  });
  const disk = simulatedDisk(platter, { life, weather: diskWeather });
  const journal = await Journal.open({ path: JOURNAL, disk, clock, compactBytes: COMPACT_BYTES });
  const reader = simulatedReader({
    apduMs: APDU_MS,
    delay: (ms) => life.pause(ms),
    after: clock.after,
    monotonicMs: clock.monotonicMs,
  });
  const keyed = keyedEntry();
  const overheard = overhearing(reader);
  const unsettled = new Set<string>();
  const terminal = await Terminal.open({
    gateway: "http://gateway.test",
    journal,
    readers: [overheard.reader, keyed],
    pinPad: simulatedPad(pad, life),
    clock,
    random: (size) => random.bytes(size),
    network: { connect: () => (life.isOver ? network.dial("nobody") : network.dial(name)) },
    ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }),
  });
  // A process that died while it opened has no terminal: its connections are reset, and code of it may run on from that.
  if (life.isOver) return life.never;
  return {
    life,
    terminal,
    reader,
    keyed,
    lastTap: overheard.lastTap,
    replay: overheard.replay,
    awaits(what, promise) {
      unsettled.add(what);
      void promise.finally(() => unsettled.delete(what));
    },
    unsettled: () => [...unsettled],
  };
}

/** A reader whose taps somebody records, and can present again. */
function overhearing(reader: CardReader) {
  let last: string | null = null;
  let sink: ReaderSink = () => undefined;
  const wrapped: CardReader = {
    name: reader.name,
    open(to) {
      sink = (event) => {
        if (event.type === "presented" && event.presented.kind === "nfcMessage") {
          last = event.presented.message;
        }
        to(event);
      };
      return reader.open(sink);
    },
    arm: () => reader.arm(),
    disarm: () => reader.disarm(),
    close: () => reader.close(),
  };
  return {
    reader: wrapped,
    lastTap: () => last,
    replay: (message: string) =>
      sink({ type: "presented", presented: { kind: "nfcMessage", message }, readMs: 0 }),
  };
}
