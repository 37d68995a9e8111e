// @ts-check
// A gateway's data folder loaded for the till's bench: the demo's partner, two terminals, and cards enough for all sales.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger, startGateway } from "@pass-tpe/gateway";
import { createVirtualCard } from "@pass-tpe/simulators";
import {
  DEMO_POINT_OF_SALE,
  demoProgramme,
  loadDemoCard,
  loadDemoPartner,
} from "../../../simulators/dist/demo/data.js";
import { STORE_KEY, storeKeyFile } from "../store-key.mjs";

/** What each sale is about, and what a card of the demo holds of it. */
export const PURCHASE = { avantage: "SPECTACLE", purchaseCents: 100 };
const SALES_OF_A_CARD = 30;

/** @param {string} folder @param {object} programme */
function openShop(folder, programme) {
  const log = createLogger({ level: "silent" });
  const data = { dataFolder: folder, storeKey: STORE_KEY, programme };
  return startGateway({ ...data, port: 0, healthPort: 0, log });
}

/**
 * Loads a folder through a gateway of this process, and closes it.
 *
 * @param {{ folder: string, sales: number }} options
 */
export async function makeShop({ folder, sales }) {
  mkdirSync(folder, { recursive: true });
  const nowMs = Date.now();
  const programme = await demoProgramme(nowMs);
  const gateway = await openShop(folder, programme);
  const { operator } = gateway;
  await loadDemoPartner(gateway, nowMs);
  /** @type {{ chip: VirtualCard, code: string }[]} */
  const cards = [];
  for (let loaded = 0; loaded * SALES_OF_A_CARD < sales; loaded += 1) {
    const { uid, cardNumber } = await loadDemoCard(gateway, nowMs);
    const chip = createVirtualCard({ profile: "sdm", uid, keys: operator.cardKeys(uid) });
    cards.push({ chip, code: operator.qrToken({ kind: "printed", cardNumber }) });
  }
  const issue = (/** @type {string} */ id) =>
    operator.issueTerminal({ id, pointOfSaleId: DEMO_POINT_OF_SALE });
  const terminals = { steady: await issue("BENCH-STEADY"), cut: await issue("BENCH-CUT") };
  await gateway.close();
  const programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(programme));
  let sold = 0;
  const nextCard = () => {
    const card = cards[sold % cards.length];
    if (card === undefined) throw new Error("the bench loaded no card");
    sold += 1;
    return card;
  };
  const keyFile = storeKeyFile(folder);
  return { folder, programme, programmeFile, keyFile, nextCard, terminals };
}

/** @typedef {Awaited<ReturnType<typeof makeShop>>} Shop */
/** @typedef {import("@pass-tpe/simulators").VirtualCard} VirtualCard */

/**
 * What the ledger of a shop holds; no process may be on it.
 *
 * @param {Shop} shop
 */
export async function verifyShop({ folder, programme }) {
  const gateway = await openShop(folder, programme);
  const report = await gateway.operator.verify();
  await gateway.close();
  return report;
}
