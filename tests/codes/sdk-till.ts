// A till with the SDK: a simulated reader, a keyboard that types what it is told, a journal on disk.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Gateway, TerminalCredentials } from "@pass-tpe/gateway";
import { createVirtualCard, type SimulatedReader, simulatedReader } from "@pass-tpe/simulators";
import {
  type Deadlines,
  softwarePinPad,
  Terminal,
  type TerminalEvent,
} from "@pass-tpe/terminal-sdk";

export interface SdkOptions {
  readonly deadlines?: Partial<Deadlines>;
  readonly credentials?: TerminalCredentials;
  readonly gateway?: string;
}

export interface SdkTill {
  readonly terminal: Terminal;
  readonly reader: SimulatedReader;
  /** Since the last {@link forget}. */
  readonly events: readonly TerminalEvent[];
  /** What the holder types next; nothing left means the cancel key. */
  readonly typed: string[];
  /** How often a card was asked for. */
  taps(): number;
  /** Does something each time a card is asked for, until the next such thing is set. */
  whenAsked(act: () => void): void;
  /** Forgets what was heard so far and what is done when a card is asked for. */
  forget(): void;
  close(): Promise<void>;
}

/** The software chip of a pupil's card. */
export function chipOf(gateway: Gateway, { uid }: { readonly uid: Uint8Array }) {
  return createVirtualCard({ profile: "sdm", uid, keys: gateway.operator.cardKeys(uid) });
}

/** Opens the SDK with a simulated reader, a keyboard that types what it is told, and a journal on disk. */
export async function openSdk(options: {
  readonly gateway: string;
  /** Of the PIN pad. */
  readonly pinKeyFile: string;
  readonly credentials: TerminalCredentials;
  readonly deadlines?: Partial<Deadlines>;
}): Promise<SdkTill> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-codes-"));
  const reader = simulatedReader();
  const typed: string[] = [];
  const { pinKeyFile: keyFile, ...given } = options;
  const pinPad = softwarePinPad({
    pinKey: given.credentials.pinKey,
    keyFile,
    digits: async () => typed.shift() ?? null,
  });
  const journal = join(folder, "journal");
  const terminal = await Terminal.open({ ...given, journal, readers: [reader], pinPad });
  const events: TerminalEvent[] = [];
  let act: () => void = () => undefined;
  terminal.on("*", (event) => {
    events.push(event);
    if (event.type === "waitingForCard") act();
  });
  return {
    terminal,
    reader,
    events,
    typed,
    taps: () => events.filter(({ type }) => type === "waitingForCard").length,
    whenAsked(next) {
      act = next;
    },
    forget() {
      events.length = 0;
      act = () => undefined;
    },
    async close() {
      await terminal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
