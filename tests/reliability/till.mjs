// @ts-check
// A till on the built SDK, to be watched from outside: makes some sales with a software card, and dies without a goodbye.
import { readFileSync } from "node:fs";
import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { Terminal } from "@pass-tpe/terminal-sdk";

/**
 * @typedef {object} TillConfig
 * @property {string} gateway in clear, so that a trace shows which request is which
 * @property {string} journal
 * @property {{ uidHex: string, metaReadKeyHex: string, fileReadKeyHex: string }} card
 * @property {number} sales
 */

const [, , configFile = ""] = process.argv;
/** @type {TillConfig} */
const { gateway, journal, card, sales } = JSON.parse(readFileSync(configFile, "utf8"));

/** @param {string} hex */
const bytes = (hex) => Buffer.from(hex, "hex");
const keys = { metaReadKey: bytes(card.metaReadKeyHex), fileReadKey: bytes(card.fileReadKeyHex) };
const held = createVirtualCard({ profile: "sdm", uid: bytes(card.uidHex), keys });

const reader = simulatedReader();
const terminal = await Terminal.open({ gateway, journal, readers: [reader] });
for (let made = 0; made < sales; made += 1) {
  reader.tap(held);
  const { outcome, code } = await terminal.sell({ avantage: "SPECTACLE", purchaseCents: 250 });
  process.stdout.write(`${JSON.stringify({ outcome, code })}\n`);
}
// No connection is closed in order, so that the last that was said on it is the last request.
process.kill(process.pid, "SIGKILL");
