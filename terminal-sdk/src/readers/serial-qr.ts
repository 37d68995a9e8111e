// The reader for a QR scanner on a serial line (RS-232 or USB CDC).

import { access } from "node:fs/promises";
import type { ScanLine } from "@pass-tpe/protocol/standards";
import { createPresentationGate } from "./presentation-gate.js";
import { type CardReader, ReaderSetupError, type ReaderState } from "./reader.js";
import { createRetry } from "./retry.js";
import { createScanLineClock, SCAN_LINE_BYTES_MAX, type ScanLineClock } from "./scan-line-clock.js";
import { loadSerialPort, type MakePort, type Port } from "./serial-binding.js";

/** A line without an end counts as whole after this silence. At 9,600 baud a byte takes about 1 ms. */
const IDLE_TIMEOUT_MS = 50;

/** How often an open port is looked for on the disk: an unplugged USB line can go silent without an error. */
const PRESENCE_CHECK_MS = 1_000;

/** What to do about a port that does not open, by the system's error code. */
const OPEN_HINTS: readonly { readonly code: RegExp; readonly hint: string }[] = [
  { code: /EACCES|permission/i, hint: "let the till's user use it (group dialout on Debian)" },
  { code: /EBUSY|lock/i, hint: "close the other program that uses it" },
  { code: /ENOENT|no such file/i, hint: "plug the scanner in, or correct `path`" },
];

export interface SerialQrReaderOptions {
  /** The device, for instance `/dev/ttyACM0` or `COM3`. */
  readonly path: string;
  /** Default 9,600 (8 data bits, no parity, 1 stop bit). */
  readonly baudRate?: number;
  /** Default 50 ms. */
  readonly idleTimeoutMs?: number;
}

/**
 * A reader of QR codes on a serial scanner. Lines end with CR, LF or a silence; an AIM prefix of a QR code may
 * stand before the text; another symbology, an overlong line or noise is refused as `QR_INVALID`. Where the
 * scanner is not there it is looked for until `close`.
 *
 * Needs the optional package serialport: without it `open` rejects with a ReaderSetupError.
 */
export function serialQrReader(options: SerialQrReaderOptions): CardReader {
  const { path, baudRate = 9_600, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  const gate = createPresentationGate();
  const retry = createRetry();
  let makePort: MakePort | null = null;
  let port: Port | null = null;
  let closing: Promise<void> | null = null;
  let firstState: () => void = () => undefined;

  function state(now: ReaderState): void {
    gate.state(now);
    firstState();
  }

  function take(line: ScanLine, readMs: number): void {
    if (line.ok) gate.present(gate.arming(), { kind: "qr", text: line.payload }, readMs);
    else gate.refuse(gate.arming(), "QR_INVALID", refusalDetail(line));
  }

  function look(make: MakePort): void {
    const candidate = make({ path, baudRate });
    let lines: ScanLineClock | null = null;
    let presence: NodeJS.Timeout | undefined;
    let isOver = false;
    const over = (reason: string) => {
      if (isOver) return;
      isOver = true;
      lines?.stop();
      clearInterval(presence);
      port = null;
      if (candidate.isOpen) candidate.close(() => undefined);
      if (closing !== null) return;
      state({ status: "absent", reason });
      retry.schedule(() => look(make));
    };
    port = candidate;
    candidate.on("data", (chunk) => lines?.push(chunk));
    candidate.on("error", (error) => over(openProblem(path, error)));
    candidate.on("close", () => over(`${path} was unplugged: plug the scanner in`));
    candidate.on("end", () => over(`${path} was unplugged: plug the scanner in`));
    candidate.open((error) => {
      if (error !== null) return over(openProblem(path, error));
      if (closing !== null) return over("closed");
      lines = createScanLineClock({ idleTimeoutMs, take });
      presence = watchPresence(path, () => over(`${path} is gone: plug the scanner in`));
      retry.succeeded();
      state({ status: "ready" });
    });
  }

  return {
    name: `serial ${path}`,
    needsPin: true,
    async open(sink) {
      if (path === "") throw new ReaderSetupError("path: pass the scanner's device, /dev/ttyACM0");
      if (!Number.isInteger(baudRate) || baudRate <= 0) {
        throw new ReaderSetupError(`baudRate ${baudRate}: pass a whole number such as 9600`);
      }
      makePort = await loadSerialPort();
      gate.open(sink);
      const given = new Promise<void>((resolve) => {
        firstState = resolve;
      });
      look(makePort);
      await given;
    },
    arm: () => gate.arm(),
    disarm: () => gate.disarm(),
    close() {
      closing ??= new Promise((resolve) => {
        gate.close();
        retry.stop();
        firstState();
        if (port?.isOpen) port.close(() => resolve());
        else resolve();
      });
      return closing;
    },
  };
}

function watchPresence(path: string, gone: () => void): NodeJS.Timeout | undefined {
  // A Windows name such as COM3 is no file; there the port reports by itself.
  if (!path.startsWith("/")) return undefined;
  return setInterval(() => void access(path).catch(gone), PRESENCE_CHECK_MS);
}

function refusalDetail(line: Extract<ScanLine, { ok: false }>): string {
  const what = {
    "too-long": `a line of more than ${SCAN_LINE_BYTES_MAX} bytes`,
    "not-ascii": "noise on the line: check the baud rate",
    "wrong-symbology": `a code that is not a QR code (${line.raw.slice(0, 3)})`,
  }[line.reason];
  return `scanner: ${what}`;
}

function openProblem(path: string, error: Error): string {
  const hint = OPEN_HINTS.find(({ code }) => code.test(error.message))?.hint;
  return `${path}: ${error.message}${hint === undefined ? "" : `: ${hint}`}`;
}
