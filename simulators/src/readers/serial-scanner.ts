// A QR scanner as software, on a pair of pseudo-terminals, so that a till opens it as any serial port.

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, mkdtemp, open, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export interface ScanOptions {
  /** In how many pieces the bytes are sent. Default 1. */
  readonly chunks?: number;
  /** The pause between two pieces, in milliseconds. Default 0. */
  readonly delayMs?: number;
  /** Stands before the text, for instance the AIM identifier `]Q1`. Default none. */
  readonly prefix?: string;
  /** Ends the line. Default CR LF; some scanners send nothing. */
  readonly suffix?: string;
  /** Spoils the bytes, prefix and suffix included, before they are sent. */
  readonly garble?: (bytes: Buffer) => Buffer;
}

export interface SerialScanner {
  /** The device for the till to open. It stays the same over {@link unplug} and {@link plug}. */
  readonly path: string;
  /** Sends what a scanner sends for a code; resolves when all bytes were handed over. */
  scan(text: string, options?: ScanOptions): Promise<void>;
  /** Pulls the cable: the device is gone. */
  unplug(): Promise<void>;
  /** Plugs it in again, under the same path. */
  plug(): Promise<void>;
  /** Ends it and removes the device. Idempotent. */
  close(): Promise<void>;
}

/** The pair as socat names it on its error output. */
const PTY_LINE = /PTY is (\S+)$/;

const INSTALL = "apt-get install socat";

interface Cable {
  readonly till: string;
  readonly scanner: FileHandle;
  cut(): Promise<void>;
}

/**
 * Makes a scanner and plugs it in. Needs the program socat.
 *
 * @throws Error when socat is not installed: says what to install.
 */
export async function openSerialScanner(): Promise<SerialScanner> {
  const folder = await mkdtemp(join(tmpdir(), "scanner-"));
  const path = join(folder, "tty");
  let cable: Cable | null = null;

  async function plug(): Promise<void> {
    if (cable !== null) return;
    cable = await layCable();
    await symlink(cable.till, path);
  }

  async function unplug(): Promise<void> {
    const laid = cable;
    cable = null;
    await rm(path, { force: true });
    await laid?.cut();
  }

  await plug();
  return {
    path,
    plug,
    unplug,
    async scan(text, options = {}) {
      if (cable === null) throw new Error("the scanner is unplugged: the caller must plug it in");
      const { chunks = 1, delayMs = 0, prefix = "", suffix = "\r\n", garble } = options;
      const clean = Buffer.from(`${prefix}${text}${suffix}`, "latin1");
      for (const [index, piece] of split(garble?.(clean) ?? clean, chunks).entries()) {
        if (index > 0 && delayMs > 0) await sleep(delayMs);
        await cable.scanner.write(piece);
      }
    },
    async close() {
      await unplug();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function split(bytes: Buffer, chunks: number): Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / chunks));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

async function layCable(): Promise<Cable> {
  const child = spawn("socat", ["-d", "-d", "pty,raw,echo=0", "pty,raw,echo=0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const [till, end] = await twoEnds(child);
  // Without NOCTTY a process without a terminal would get this one as its own.
  const scanner = await open(end, constants.O_WRONLY | constants.O_NOCTTY);
  return {
    till,
    scanner,
    async cut() {
      await scanner.close();
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function twoEnds(child: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    const names: string[] = [];
    child.once("error", (error) => {
      reject(new Error(`socat does not start: ${error.message}. Run: ${INSTALL}`));
    });
    child.once("exit", () => reject(new Error("socat ended before it made two terminals")));
    if (child.stderr === null) throw new Error("socat was started without its error output");
    createInterface({ input: child.stderr }).on("line", (line) => {
      const name = PTY_LINE.exec(line)?.[1];
      if (name !== undefined) names.push(name);
      const [till, scanner] = names;
      if (till !== undefined && scanner !== undefined) resolve([till, scanner]);
    });
  });
}
