// A software scanner on a real pseudo-terminal, as a bench for reader tests and for whole sales.

import { openSerialScanner, type SerialScanner } from "@pass-tpe/simulators";
import { type SerialQrReaderOptions, serialQrReader } from "@pass-tpe/terminal-sdk";
import type { ReaderBench } from "./reader-contract.js";
import { openRecorded, type RecordedReader } from "./reader-events.js";

/** So long that no line ends by a silence, however slow the machine: only a test of silences takes less. */
const NO_SILENCE_MS = 60_000;

/** A serialQrReader on a scanner of its own. A line ends by a silence only where `idleTimeoutMs` says so. */
export async function openSerialBench(
  options: Omit<SerialQrReaderOptions, "path"> = {},
): Promise<{ scanner: SerialScanner; recorded: RecordedReader; close(): Promise<void> }> {
  const scanner = await openSerialScanner();
  const recorded = await openRecorded(
    serialQrReader({ path: scanner.path, idleTimeoutMs: NO_SILENCE_MS, ...options }),
  );
  return {
    scanner,
    recorded,
    async close() {
      await recorded.reader.close();
      await scanner.close();
    },
  };
}

/** The same as the reader contract wants it. */
export async function serialBench(): Promise<ReaderBench> {
  const { scanner, recorded, close } = await openSerialBench();
  await recorded.next("state");
  return {
    recorded,
    close,
    present: (customer) => scanner.scan(customer),
    presentBad: () => scanner.scan("12345678", { prefix: "]C0" }),
    takeAway: async () => undefined,
    async presentUnheard(customer) {
      await scanner.scan(customer);
      // What was sent before the cable is pulled is read, or lost with it, before the reader says so.
      await scanner.unplug();
      await recorded.untilStatus("absent");
      await scanner.plug();
      await recorded.untilStatus("ready");
    },
    customerOf(presented) {
      if (presented.kind !== "qr") throw new Error(`a ${presented.kind}, not a code`);
      return presented.text === "A" ? "A" : "B";
    },
  };
}
