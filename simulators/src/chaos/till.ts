// A till as a process of its own: sells until its parent says that the day is over, then settles what it owes.

import { setTimeout as pause } from "node:timers/promises";
import { PassTpeError, type Terminal } from "@pass-tpe/terminal-sdk";
import { openFactFile, readFactFile } from "./fact-file.js";
import { answeredFact } from "./heard-facts.js";
import { type Dice, dice as diceOf } from "./random.js";
import { type FromTill, readTillConfig, type TillConfig, type ToTill } from "./till-config.js";
import { type Counter, openCounter } from "./till-counter.js";
import { TillMemory } from "./till-memory.js";
import type { TillTeller } from "./till-news.js";
import { WireBook } from "./wire-book.js";
import { tapWire } from "./wire-tap.js";

/** What waits for the gateway is not added to. */
const PATIENCE_MS = 200;
const PATIENT_CODES: readonly string[] = ["REVERSALS_OWED", "ANSWERS_OWED", "UNREACHABLE"];

const DAY_MS = 24 * 3_600_000;

/** How often a day is closed until nothing is being sent any more. */
const CLOSINGS_MAX = 20;
const BEING_SENT: readonly string[] = ["REVERSAL_OWED", "CAPTURE_OWED", "REFUND_OWED", "REVERSE"];
const SETTLED: readonly string[] = ["SETTLED", "OTHER_DAY", "ACKNOWLEDGE"];

let isOver = false;

/** Each life draws another day: a number of it would otherwise be drawn twice. */
function diceOfThisLife({ seed }: TillConfig, lives: number): Dice {
  return diceOf(seed + lives * 7_919);
}

async function main(configFile: string): Promise<void> {
  const config = readTillConfig(configFile);
  const before = readFactFile(config.factsFile);
  const lives = before.filter(({ type }) => type === "terminalStarted").length;
  const file = openFactFile(config.factsFile);
  const memory = new TillMemory(before);
  const wire = new WireBook(`${config.factsFile}.wire`);
  const teller: TillTeller = {
    terminal: config.terminal,
    memory,
    wire,
    tell(news) {
      memory.note(news);
      file.tell(news);
    },
  };
  teller.tell({ type: "terminalStarted", terminal: config.terminal });
  tapWire({
    left: (request) => wire.left(request),
    heard(answer) {
      wire.heard(answer);
      const fact = answeredFact(config.terminal, answer);
      if (fact !== null) teller.tell(fact);
    },
  });
  const dice = diceOfThisLife(config, lives);
  const counter = await openCounter({ ...teller, config, dice });
  for (let served = 0; !isOver; served += 1) {
    await patiently(() => counter.serveOne());
    if (served === 0) say({ type: "selling" });
    if (!isOver) await pause(dice.between(0, config.idleMsMax));
  }
  await settle(counter, { ...teller, startedAtMs: config.startedAtMs });
}

/** @throws what no patience mends. */
async function patiently(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    const code = thrown instanceof PassTpeError ? thrown.code : "";
    if (!PATIENT_CODES.includes(code)) throw thrown;
    await pause(PATIENCE_MS);
  }
}

/** Everything is well again: what is owed is sent, the day is compared, and the parent hears what is left of it. */
async function settle(
  { terminal, clearRecovered }: Counter,
  { startedAtMs, ...teller }: TillTeller & { readonly startedAtMs: number },
): Promise<void> {
  let differences: readonly string[] = [];
  for (let closing = 1; closing <= CLOSINGS_MAX; closing += 1) {
    let isSent = false;
    await patiently(async () => {
      await clearRecovered();
      const { reconciliation, owed } = await terminal.closeDay();
      const open = reconciliation.differences.filter((it) => !SETTLED.includes(it.resolution));
      differences = open.map((it) => `${it.kind} of ${it.saleId}: ${it.resolution}`);
      const isOwed = owed.reversals + owed.captures + owed.refunds > 0;
      isSent =
        reconciliation.compared &&
        !isOwed &&
        !open.some((it) => BEING_SENT.includes(it.resolution));
      if (!reconciliation.compared) differences = ["the gateway did not answer the comparison"];
      else if (isOwed) differences = [...differences, `still owed: ${JSON.stringify(owed)}`];
    });
    if (isSent && terminal.recovered().every(({ hold }) => hold !== undefined)) break;
    await pause(PATIENCE_MS);
  }
  const units = dayUnits(terminal, startedAtMs);
  teller.tell({ type: "dayTotals", terminal: teller.terminal, units });
  await terminal.close();
  say({ type: "settled", differences }, () => process.exit(0));
}

function say(message: FromTill, onSent: () => void = () => undefined): void {
  process.send?.(message, onSent);
}

/** Sold less what was given back, on every day that the run has touched. */
function dayUnits(terminal: Terminal, startedAtMs: number): Record<string, number> {
  const units: Record<string, number> = {};
  for (const day of parisDaysSince(startedAtMs)) {
    for (const { avantage, sales, reversals, refunds } of terminal.dayTotals(day).totals) {
      const net = sales.value - reversals.value - refunds.value;
      units[avantage] = (units[avantage] ?? 0) + net;
    }
  }
  return units;
}

function parisDaysSince(fromMs: number): ReadonlySet<string> {
  const dayOf = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" });
  const days = new Set<string>();
  for (let atMs = fromMs; atMs < Date.now(); atMs += DAY_MS) days.add(dayOf.format(atMs));
  return days.add(dayOf.format(Date.now()));
}

process.on("message", (message: ToTill) => {
  if (message.type === "settle") isOver = true;
});
// Without its parent nobody asks for its facts.
process.on("disconnect", () => process.exit(1));
main(process.argv[2] ?? "").catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
