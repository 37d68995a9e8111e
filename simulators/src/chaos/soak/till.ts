// Several tills in one process of a soak: each sells as fast as it can until its share is sold.

import "./probe.js";
import { readFileSync } from "node:fs";
import { dice as diceOf } from "../random.js";
import type { TillConfig } from "../till-config.js";
import { openCounter } from "../till-counter.js";
import { TillMemory } from "../till-memory.js";

/** What the process is given in a file. */
export interface SoakTills {
  readonly tills: readonly TillConfig[];
  readonly salesEach: number;
}

/** What it tells its parent: how many sales more, and how many of them were approved; or that all are made. */
export type FromSoakTills =
  | { readonly type: "sold"; readonly sales: number; readonly approved: number }
  | { readonly type: "finished" };

const TOLD_EVERY = 10;

async function main(configFile: string): Promise<void> {
  const { tills, salesEach }: SoakTills = JSON.parse(readFileSync(configFile, "utf8"));
  await Promise.all(tills.map((config) => sell(config, salesEach)));
  send({ type: "finished" });
}

async function sell(config: TillConfig, sales: number): Promise<void> {
  const memory = new TillMemory([]);
  let approved = 0;
  const counter = await openCounter({
    terminal: config.terminal,
    memory,
    // It has no earlier life to tell of.
    wire: { mayBeDecided: () => true },
    // Of what a till is told nothing is kept here: what grows must be the SDK's.
    tell(news) {
      if (news.type === "began") memory.note(news);
      if (news.type === "told" && news.outcome === "approved") approved += 1;
    },
    config,
    dice: diceOf(config.seed),
  });
  for (let sold = 1; sold <= sales; sold += 1) {
    await counter.serveOne();
    if (sold % TOLD_EVERY !== 0 && sold < sales) continue;
    send({ type: "sold", sales: sold % TOLD_EVERY || TOLD_EVERY, approved });
    approved = 0;
  }
}

const send = (message: FromSoakTills): void => void process.send?.(message);

// It is ended by its parent, which may want one more sample first.
process.on("disconnect", () => process.exit(1));
main(process.argv[2] ?? "").catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
