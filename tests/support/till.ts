// A till on a real gateway: the SDK with the readers under test, a scripted keyboard, a journal on disk.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CardReader,
  softwarePinPad,
  Terminal,
  type TerminalEvent,
  type TerminalEventType,
} from "@pass-tpe/terminal-sdk";
import type { TestGateway } from "./running-gateway.js";

export interface TestTill {
  readonly terminal: Terminal;
  /** What the holder types next; asked one after the other. */
  readonly typed: string[];
  /** Every event so far. */
  readonly events: TerminalEvent[];
  /** Resolves with the next event of a type. */
  next<T extends TerminalEventType>(type: T): Promise<TerminalEvent<T>>;
  close(): Promise<void>;
}

/** Opens a till of its own on a running gateway. */
export async function openTill(
  running: TestGateway,
  readers: readonly CardReader[],
): Promise<TestTill> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-till-"));
  const credentials = await running.terminal();
  const typed: string[] = [];
  const pinPad = softwarePinPad({
    pinKey: credentials.pinKey,
    keyFile: join(folder, "pin.key"),
    digits: async () => typed.shift() ?? null,
  });
  const terminal = await Terminal.open({
    gateway: running.gateway.url,
    credentials,
    journal: join(folder, "journal"),
    readers,
    pinPad,
  });
  const events: TerminalEvent[] = [];
  terminal.on("*", (event) => events.push(event));
  return {
    terminal,
    typed,
    events,
    next: (type) =>
      new Promise((resolve) => {
        const stop = terminal.on(type, (event) => {
          stop();
          resolve(event);
        });
      }),
    async close() {
      await terminal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
