// Starts the real PC/SC service for a test where none runs, and stops it again.

import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** Where pcscd listens for its clients. */
const SOCKET = process.env["PCSCLITE_CSOCK_NAME"] ?? "/run/pcscd/pcscd.comm";

/** The line that pcscd writes when its readers are loaded and clients may come. */
const READY = /daemon ready/;

const INSTALL = "apt-get install pcscd vsmartcard-vpcd";

export interface PcscService {
  /** Whether it was started here, and is stopped by {@link stop}; false for one that ran already. */
  readonly isOwn: boolean;
  /** Stops the service if it was started here, and waits until it has ended. Idempotent. */
  stop(): Promise<void>;
}

/**
 * The PC/SC service: the one that runs, or a `pcscd --foreground` of our own, which needs the rights to write
 * /run/pcscd. Resolves once it takes clients.
 *
 * @throws Error when pcscd is not installed or ends at once: says what to install, and its last line.
 */
export async function startPcscd(): Promise<PcscService> {
  if (await isRunning()) return { isOwn: false, stop: async () => undefined };
  const child = spawn("pcscd", ["--foreground", "--info"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  await ready(child);
  return {
    isOwn: true,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function isRunning(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(SOCKET);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let lastLine = "";
    child.once("error", (error) => {
      reject(new Error(`pcscd does not start: ${error.message}. Run: ${INSTALL}`));
    });
    child.once("exit", () => reject(new Error(`pcscd ended: ${lastLine}. Run: ${INSTALL}`)));
    if (child.stdout === null) throw new Error("pcscd was started without its output");
    // Read to the end, so that the service never waits for a reader of its lines.
    createInterface({ input: child.stdout }).on("line", (line) => {
      lastLine = line;
      if (READY.test(line)) resolve();
    });
  });
}
