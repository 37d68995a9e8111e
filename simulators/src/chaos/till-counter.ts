// The counter of one till: customers come, cards are shown, PINs typed, and everything that is told is written down.

import {
  Journal,
  keyedEntry,
  type PinPad,
  type RecoveredSale,
  type SaleResult,
  softwarePinPad,
  Terminal,
} from "@pass-tpe/terminal-sdk";
import { createVirtualCard } from "../card/virtual-card.js";
import { simulatedReader } from "../readers/direct-reader.js";
import { type AfterSaleParts, doAfterSale, reverse, type Standing } from "./after-sale.js";
import { type PlannedSale, planSale } from "./purchase.js";
import type { Dice } from "./random.js";
import type { HeldCard, TillConfig } from "./till-config.js";
import { type TillTeller, tellWhatTheJournalDeclined, writeEvents } from "./till-news.js";

const WRONG_PIN = "0000";
/** How often in a hundred an approval of an earlier run is taken note of; otherwise it is reversed. */
const RECOVERED_ACKNOWLEDGED_PERCENT = 80;

export interface Counter {
  readonly terminal: Terminal;
  /** Gives the till's word on what was recovered, then serves one customer. */
  serveOne(): Promise<void>;
  /** Gives the till's word on everything that was recovered. */
  clearRecovered(): Promise<void>;
}

/** Opens the terminal of a till, with readers of both kinds and a PIN pad. */
export async function openCounter(
  options: TillTeller & { readonly config: TillConfig; readonly dice: Dice },
): Promise<Counter> {
  const { config, dice, memory, tell } = options;
  const reader = simulatedReader();
  const keyboard = keyedEntry();
  let current: PlannedSale | null = null;
  const pinPad: PinPad = softwarePinPad({
    keyFile: config.pinKeyFile,
    digits: async () => (current?.intent.pin === "right" ? current.card.pin : WRONG_PIN),
  });
  const journal = await Journal.open({ path: config.journal });
  tellWhatTheJournalDeclined(journal, options);
  const terminal = await Terminal.open({
    gateway: config.gateway,
    credentials: config.credentials,
    journal,
    readers: [reader, keyboard],
    pinPad,
    deadlines: config.deadlines,
  });
  const recovered: RecoveredSale[] = [];
  writeEvents(terminal, { ...options, onRecovered: (sale) => recovered.push(sale) });
  terminal.on("waitingForCard", () => {
    if (current !== null) present(current);
  });
  terminal.on("sending", ({ id, tryNumber }) => {
    if (current === null || tryNumber > 1) return;
    tell({ type: "began", sale: { terminal: config.terminal, id }, intent: current.intent });
  });

  function present({ card, intent }: PlannedSale): void {
    if (intent.how === "tap") reader.tap(chipOf(card, intent.message ?? 1));
    else if (intent.how === "code") reader.scan(card.qr);
    else keyboard.enter(card.cardNumber);
  }

  const after: AfterSaleParts = { terminal, dice, tell };

  async function sellOne(): Promise<void> {
    const chips = { last: (card: string) => memory.lastMessage(card) };
    current = planSale({ ...config, dice, chips });
    const { request } = current;
    const result = await terminal.sell(request);
    reader.remove();
    current = null;
    if (result.id !== undefined) tellResult(result, result.id);
    const standing = standingOf(config.terminal, result);
    if (standing !== null) await doAfterSale(after, standing);
  }

  function tellResult(result: SaleResult, id: string): void {
    const { outcome, code, moneyMoved } = result;
    const standing = standingOf(config.terminal, result);
    const taken = { units: standing?.units ?? 0, holds: standing?.holds ?? false };
    const sale = { terminal: config.terminal, id };
    tell({ type: "told", sale, outcome, code, moneyMoved, ...taken });
  }

  async function clearRecovered(): Promise<void> {
    for (const found of recovered.splice(0)) {
      const sale = { terminal: config.terminal, id: found.id };
      const units = found.amountCents ?? found.quantity ?? 0;
      const { avantage } = found;
      if (found.hold !== undefined) {
        await doAfterSale(after, { sale, avantage, units, holds: true });
      } else if (dice.percent(RECOVERED_ACKNOWLEDGED_PERCENT)) {
        await terminal.acknowledge(found.id);
        tell({ type: "acknowledged", sale });
      } else await reverse(after, { sale });
    }
  }

  return {
    terminal,
    clearRecovered,
    async serveOne() {
      await clearRecovered();
      await sellOne();
    },
  };
}

/** The chip as it is when it makes its message of this number next. */
function chipOf({ uidHex, metaReadKeyHex, fileReadKeyHex }: HeldCard, message: number) {
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  return createVirtualCard({
    profile: "sdm",
    uid: bytes(uidHex),
    keys: { metaReadKey: bytes(metaReadKeyHex), fileReadKey: bytes(fileReadKeyHex) },
    counter: message - 1,
  });
}

function standingOf(terminal: string, result: SaleResult): Standing | null {
  if (result.outcome !== "approved") return null;
  const { id, avantage, amountCents, quantity, hold } = result;
  const units = amountCents ?? quantity ?? 0;
  return { sale: { terminal, id }, avantage, units, holds: hold !== undefined };
}
