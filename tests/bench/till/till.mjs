// @ts-check
// A till of the bench: the real SDK with a journal on disk, a virtual card and a PIN pad in software, and its stopwatch.
import { join } from "node:path";
import { simulatedReader } from "@pass-tpe/simulators";
import { Journal, softwarePinPad, Terminal } from "@pass-tpe/terminal-sdk";
import { DEMO_PIN } from "../../../simulators/dist/demo/data.js";
import { nodeDisk } from "../../../terminal-sdk/dist/disk.js";
import { PURCHASE } from "./shop.mjs";

/** How long the virtual card takes for a command. */
export const APDU_MS = 20;

/** @typedef {import("./steps.mjs").Sale} Sale */
/** @typedef {import("@pass-tpe/gateway").TerminalCredentials} Credentials */

/**
 * @param {{ folder: string, gateway: string, credentials: Credentials, nextCard: import("./shop.mjs").Shop["nextCard"] }} options
 * folder: for journal and PIN keys
 */
export async function openTill({ folder, gateway, credentials, nextCard }) {
  /** @type {number[]} of the sale that goes on */
  let syncsMs = [];
  const journal = await Journal.open({
    path: join(folder, "journal"),
    disk: timedDisk((ms) => syncsMs.push(ms)),
  });
  const reader = simulatedReader({ apduMs: APDU_MS });
  const pinPad = softwarePinPad({
    pinKey: credentials.pinKey,
    keyFile: join(folder, "pin.key"),
    digits: async () => DEMO_PIN,
  });
  const terminal = await Terminal.open({
    gateway,
    credentials,
    journal,
    readers: [reader],
    pinPad,
  });
  const told = { approved: 0, approvedCents: 0 };

  /** @param {() => void} present puts something before the reader, once that waits for it @returns {Promise<Sale>} */
  async function sell(present) {
    let shownMs = Number.NaN;
    syncsMs = [];
    const stopListening = terminal.on("waitingForCard", () => {
      shownMs = performance.now();
      present();
    });
    const result = await terminal.sell(PURCHASE);
    const totalMs = performance.now() - shownMs;
    stopListening();
    reader.remove();
    if (result.outcome !== "approved")
      throw new Error(`a sale of the bench came to ${result.code}: ${result.message}`);
    told.approved += 1;
    told.approvedCents += result.amountCents ?? 0;
    const sale = { totalMs, timings: result.timings, syncsMs: [...syncsMs] };
    // The journal notes a turn later that the till has the result: not in the time of the next sale.
    await new Promise((resolve) => setImmediate(resolve));
    await journal.drained();
    return sale;
  }

  return {
    told,
    /** @param {() => void} [meanwhile] runs once the card lies there */
    tap: (meanwhile = () => undefined) =>
      sell(() => {
        reader.tap(nextCard().chip);
        meanwhile();
      }),
    scan: () => sell(() => reader.scan(nextCard().code)),
    close: () => terminal.close(),
  };
}

/** The disk, with each sync measured. @param {(ms: number) => void} note */
function timedDisk(note) {
  return {
    ...nodeDisk,
    /** @param {string} path */
    async openForAppend(path) {
      const file = await nodeDisk.openForAppend(path);
      return {
        ...file,
        async sync() {
          const fromMs = performance.now();
          await file.sync();
          note(performance.now() - fromMs);
        },
      };
    },
  };
}
