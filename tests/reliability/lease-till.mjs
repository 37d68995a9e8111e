// @ts-check
// A till on the built SDK that shares its journal: does what its input says, and tells every event on its output.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { Terminal } from "@pass-tpe/terminal-sdk";

/**
 * @typedef {object} TillConfig
 * @property {string} gateway
 * @property {string} journal
 * @property {string} till
 * @property {boolean} takeOver
 * @property {{ uidHex: string, metaReadKeyHex: string, fileReadKeyHex: string }} card
 */

const [, , configFile = ""] = process.argv;
/** @type {TillConfig} */
const { gateway, journal, till, takeOver, card } = JSON.parse(readFileSync(configFile, "utf8"));

/** @param {object} told */
const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
/** @param {unknown} thrown */
const tellError = (thrown) => {
  const { code = String(thrown), heldBy = null } = /** @type {any} */ (thrown);
  tell({ type: "error", code, heldBy });
};
/** @param {string} hex */
const bytes = (hex) => Buffer.from(hex, "hex");
const keys = { metaReadKey: bytes(card.metaReadKeyHex), fileReadKey: bytes(card.fileReadKeyHex) };
const held = createVirtualCard({ profile: "sdm", uid: bytes(card.uidHex), keys });

const reader = simulatedReader();
/** @type {Terminal | null} */
let terminal = null;
try {
  terminal = await Terminal.open({ gateway, journal, till, takeOver, readers: [reader] });
  terminal.on("*", tell);
  tell({ type: "opened" });
} catch (thrown) {
  tellError(thrown);
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "tap") reader.tap(held);
  if (line === "sell" && terminal !== null) {
    terminal
      .sell({ avantage: "SPECTACLE", purchaseCents: 250 })
      .then(({ outcome, code }) => tell({ type: "result", outcome, code }), tellError);
  }
}
await terminal?.close();
