// A terminal on real files, enrolled over the network, whose pad, cards and events a run watches.

import { join } from "node:path";
import {
  type CardReader,
  enrolTerminal,
  loadCredentials,
  type PinPad,
  type Presented,
  type ReaderSink,
  receiptLines,
  receiptOf,
  type SaleRequest,
  type SaleResult,
  softwarePinPad,
  Terminal,
} from "@pass-tpe/terminal-sdk";
import { expect } from "vitest";
import { POINT_OF_SALE } from "../support/running-gateway.js";
import { secretsOfActivationCode, secretsOfPinBlock, secretsOfPrivateKey } from "./known.js";
import type { SecretRun } from "./run.js";

export const TERMINAL_ID = "T-WATCHED";

export interface WatchedTill {
  readonly terminal: Terminal;
  readonly files: TillFiles;
  /** Makes a sale of a card or code that lies there, with the digits that are typed; keeps its result and receipts. */
  sell(presented: Presented, pin?: string, sale?: Partial<SaleRequest>): Promise<SaleResult>;
}

export interface TillFiles {
  readonly credentials: string;
  readonly pinKeyFile: string;
  readonly journal: string;
}

export function tillFilesOf({ folder }: Pick<SecretRun, "folder">): TillFiles {
  const at = (name: string) => join(folder, "till", name);
  return { credentials: at("credentials.json"), pinKeyFile: at("pin.key"), journal: at("journal") };
}

/** Gives a code to a device; the device becomes a terminal by it. */
export async function enrolWatched(run: SecretRun, id = TERMINAL_ID): Promise<string> {
  const { credentials, pinKeyFile } = tillFilesOf(run);
  const path = `/v1/terminals/${id}/activation-codes`;
  const { body } = await run.running.operator.post(path, { pointOfSale: POINT_OF_SALE });
  const activationCode = String(body["activationCode"]);
  run.plant(...secretsOfActivationCode(`activation code of ${id}`, activationCode));
  const gateway = run.running.gateway.url;
  run.tell(
    "enrolment",
    await enrolTerminal({ gateway, activationCode, credentials, pinKeyFile, replace: true }),
  );
  const { privateKey } = await loadCredentials(credentials);
  run.plant(...secretsOfPrivateKey("terminal's private key", privateKey));
  return activationCode;
}

/** Opens the terminal that was enrolled. */
export async function openWatched(run: SecretRun): Promise<WatchedTill> {
  const files = tillFilesOf(run);
  const hand = handReader();
  let typed = "";
  const terminal = await Terminal.open({
    gateway: run.running.gateway.url,
    credentials: files.credentials,
    journal: files.journal,
    readers: [hand.reader],
    pinPad: watchedPad(
      run,
      softwarePinPad({ keyFile: files.pinKeyFile, digits: async () => typed }),
    ),
  });
  terminal.on("*", (event) => run.tell(`event ${event.type}`, event));
  const profile = await terminal.profile();
  return {
    terminal,
    files,
    async sell(presented, pin = "", sale = {}) {
      typed = pin;
      hand.lay(presented);
      const request = { avantage: "LIVRES_LOISIR", purchaseCents: 100, ...sale };
      const result = await terminal.sell(request);
      run.tell("result of a sale", result);
      if (result.outcome !== "unknown") {
        for (const copy of ["merchant", "holder"] as const) {
          const receipt = receiptOf({ result, profile, copy });
          run.tell(`receipt for the ${copy}`, [receipt, receiptLines(receipt)]);
        }
      }
      expect(result.outcome).not.toBe("unknown");
      return result;
    },
  };
}

/** The pad is where a PIN is on purpose; what leaves it must stand nowhere. */
function watchedPad(run: SecretRun, pad: PinPad): PinPad {
  let count = 0;
  return {
    ...pad,
    async requestPin(request) {
      const result = await pad.requestPin(request);
      count += 1;
      if (result.ok) run.plant(...secretsOfPinBlock(`pad, ${count}`, result.pinBlock, run.keys));
      return result;
    },
  };
}

/** Presents what was laid on it when it is armed. */
function handReader(): { readonly reader: CardReader; lay(presented: Presented): void } {
  let sink: ReaderSink = () => undefined;
  let lies: Presented | null = null;
  const reader: CardReader = {
    name: "hand",
    needsPin: true,
    async open(to) {
      sink = to;
      sink({ type: "state", state: { status: "ready" } });
    },
    arm() {
      const presented = lies;
      lies = null;
      if (presented) queueMicrotask(() => sink({ type: "presented", presented, readMs: 1 }));
    },
    disarm: () => undefined,
    close: async () => undefined,
  };
  return {
    reader,
    lay(presented) {
      lies = presented;
    },
  };
}
