// Starts the real PC/SC service for a test where none runs, and stops it again.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freeNeighbours } from "../free-ports.js";
import { VPCD_PORT } from "./vpcd.js";

/** Where pcscd listens for its clients. */
const SOCKET = process.env["PCSCLITE_CSOCK_NAME"] ?? "/run/pcscd/pcscd.comm";

/** The line that pcscd writes when its readers are loaded and clients may come. */
const READY = /daemon ready/;

/** How Debian's package describes the virtual reader to the service, with the port in it. */
const VIRTUAL_READER = "/etc/reader.conf.d/vpcd";

const INSTALL = "apt-get install pcscd vsmartcard-vpcd";

export interface PcscService {
  /** Whether it was started here, and is stopped by {@link stop}; false for one that ran already. */
  readonly isOwn: boolean;
  /** Where its virtual reader waits for a card. */
  readonly port: number;
  /** Stops the service if it was started here, and waits until it has ended. Idempotent. */
  stop(): Promise<void>;
}

/**
 * The PC/SC service: the one that runs, or a `pcscd --foreground` of our own, which needs the rights to write
 * /run/pcscd. Resolves once it takes clients.
 *
 * @throws Error when pcscd or its virtual reader is not installed, or it ends at once: says what to install, and the
 * service's last line.
 */
export async function startPcscd(): Promise<PcscService> {
  if (await isRunning()) return { isOwn: false, port: VPCD_PORT, stop: async () => undefined };
  // Not the package's own port: it is one that a system gives to any connection, and the service goes on without it.
  const port = await freeNeighbours();
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-readers-"));
  writeFileSync(join(folder, "vpcd"), virtualReaderAt(port));
  const service = await startPcscdWith(folder);
  return {
    isOwn: true,
    port,
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A service of our own with the readers that a folder describes (reader.conf(5)): none, where it is empty. */
export async function startPcscdWith(folder: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn("pcscd", ["--foreground", "--info", "--config", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  await ready(child);
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The package's description of its reader, which holds two cards at neighbouring ports, at another port. */
function virtualReaderAt(port: number): string {
  let installed: string;
  try {
    installed = readFileSync(VIRTUAL_READER, "utf8");
  } catch (error) {
    throw new Error(`no virtual reader in ${VIRTUAL_READER}. Run: ${INSTALL}`, { cause: error });
  }
  const usual = new RegExp(`0x${VPCD_PORT.toString(16)}`, "gi");
  return installed.replaceAll(usual, `0x${port.toString(16).toUpperCase()}`);
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
