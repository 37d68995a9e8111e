// Ends a scanner's line after a silence, where no line end does, and times each line.

import { createScanLineParser, type ScanLine } from "@pass-tpe/protocol/standards";

/** The longest line taken from a scanner, in bytes, AIM prefix included. The longest token has 161 characters. */
export const SCAN_LINE_BYTES_MAX = 400;

/** A timer that comes this much late says that the till was busy. */
const LATE_MS = 10;

export interface ScanLineClock {
  push(chunk: Buffer): void;
  /** No line comes any more. */
  stop(): void;
}

/**
 * Makes the clock of one open port.
 *
 * @param options.idleTimeoutMs a line ends after this silence.
 * @param options.take is given each line, and the time from its first byte to its end.
 * @param options.nowMs a monotonic clock. Default: the system's.
 */
export function createScanLineClock(options: {
  idleTimeoutMs: number;
  take: (line: ScanLine, readMs: number) => void;
  nowMs?: () => number;
}): ScanLineClock {
  const { idleTimeoutMs, take, nowMs = () => performance.now() } = options;
  const parser = createScanLineParser({ maxLength: SCAN_LINE_BYTES_MAX });
  let idle: NodeJS.Timeout | undefined;
  let startedMs: number | null = null;

  function give(lines: ScanLine[]): void {
    for (const line of lines) {
      take(line, nowMs() - (startedMs ?? nowMs()));
      startedMs = null;
    }
  }

  function awaitSilence(): void {
    clearTimeout(idle);
    const dueMs = nowMs() + idleTimeoutMs;
    idle = setTimeout(() => {
      // Bytes may wait unread behind a late timer: only a silence that was listened to ends a line.
      if (nowMs() > dueMs + LATE_MS) awaitSilence();
      else {
        give(parser.flush());
        startedMs = null;
      }
    }, idleTimeoutMs);
  }

  return {
    push(chunk) {
      startedMs ??= nowMs();
      give(parser.push(chunk));
      awaitSilence();
    },
    stop: () => clearTimeout(idle),
  };
}
