// Writes the log without ever waiting for who reads it: neither a full pipe nor a full disk holds up a sale or an exit.

import { writeSync } from "node:fs";
import type { After } from "../core/ports.js";

/** What may wait for a log that takes nothing. Lines beyond it are lost: a sale waits for no log. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;

/** Lines are written together up to about this much, as much as a pipe holds. */
const CHUNK_BYTES = 64 * 1024;

const RETRY_AFTER_MS = 100;

/** How long the end of the process waits for a log that takes nothing: what it says last may be why it ends. */
const LAST_TRIES_MAX = 50;
const LAST_TRY_EVERY_MS = 10;

export interface LogStream {
  /** Takes a line. It is written at the end of this turn, or later, or lost where too much waits. */
  write(line: string): void;
  /** Writes what is taken at once, and gives up. The logger calls it after a fatal line. */
  flushSync(): void;
  /** As {@link LogStream.flushSync}, and tries for half a second. Never throws. */
  flushAtExit(): void;
}

/**
 * Makes a stream on a file descriptor. A pipe or a socket must not block: else a write to a full one waits for its reader.
 *
 * @param options.after runs a retry later.
 */
export function createLogStream(options: {
  readonly fd: number;
  readonly after: After;
}): LogStream {
  const { fd, after } = options;
  const chunks: string[] = [];
  let head: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let isPlanned = false;

  /** Writes until nothing is left or nothing more is taken. Whatever the error, the same may be taken later. */
  function pour(): boolean {
    try {
      while (bytes > 0) {
        if (head.length === 0) head = Buffer.from(chunks.shift() ?? "");
        const written = writeSync(fd, head);
        head = head.subarray(written);
        bytes -= written;
      }
    } catch {
      return false;
    }
    return true;
  }

  function pourOrRetry(): void {
    isPlanned = !pour();
    if (isPlanned) after(RETRY_AFTER_MS, pourOrRetry);
  }

  return {
    write(line) {
      const lineBytes = Buffer.byteLength(line);
      if (bytes + lineBytes > WAITING_BYTES_MAX) return;
      bytes += lineBytes;
      const last = chunks.at(-1);
      if (last === undefined || last.length + line.length > CHUNK_BYTES) chunks.push(line);
      else chunks[chunks.length - 1] = last + line;
      if (isPlanned) return;
      isPlanned = true;
      setImmediate(pourOrRetry);
    },
    flushSync: () => void pour(),
    flushAtExit() {
      const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      for (let tries = 1; !pour() && tries < LAST_TRIES_MAX; tries += 1) {
        Atomics.wait(never, 0, 0, LAST_TRY_EVERY_MS);
      }
    },
  };
}

const STDOUT = 1;

/** A log that is held up is no reason for the process to go on. */
const afterUnlessEnded: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

let ofProcess: LogStream | null = null;

/** The process's own, always the same: whoever writes to stdout beside it would break its lines. */
export function standardOutput(): LogStream {
  if (ofProcess) return ofProcess;
  // Asked for what asking does: from now on a write to a full pipe fails, in the place of waiting for its reader.
  process.stdout.on("error", () => undefined);
  ofProcess = createLogStream({ fd: STDOUT, after: afterUnlessEnded });
  process.once("exit", ofProcess.flushAtExit);
  return ofProcess;
}
