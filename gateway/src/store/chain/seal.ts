// Seals what was committed, a bounded step at a time: no sale writes anything for the chain, and none waits long for it.

import type { Awaitable } from "../rows.js";
import type { ChainDriver, HeadRow, LinkRow } from "./driver.js";
import { BEFORE_FIRST, linkAfter } from "./link.js";

/** The most rows that one step seals: a few milliseconds between two commits of sales. */
export const SEALED_PER_STEP_MAX = 128;

export interface SealedStep {
  /** How many rows; {@link SEALED_PER_STEP_MAX} where more may wait. */
  readonly sealed: number;
  /** The last link where no head stands for it yet; null where all is signed. */
  readonly unsigned: LinkRow | null;
}

/** What a sealer does to a store. Each is durable, or nothing of it is there, when its promise settles. */
export interface ChainSteps {
  seal(): Promise<SealedStep>;
  keepHead(head: HeadRow): Promise<void>;
}

/** @param options.runAlone runs work in a transaction of its own between two commits, and settles once it is durable. */
export function createChainSteps(options: {
  readonly chain: ChainDriver;
  readonly runAlone: <T>(work: () => Awaitable<T>) => Promise<T>;
}): ChainSteps {
  const { chain, runAlone } = options;

  async function step(): Promise<SealedStep> {
    const last = await chain.lastLink();
    const links: LinkRow[] = [];
    for (const row of await chain.unsealed(SEALED_PER_STEP_MAX)) {
      links.push(linkAfter(links.at(-1) ?? last ?? BEFORE_FIRST, row));
    }
    if (links.length > 0) await chain.append(links);
    const end = links.at(-1) ?? last;
    const signed = (await chain.lastHead())?.no ?? 0;
    return { sealed: links.length, unsigned: end !== null && end.no > signed ? end : null };
  }

  return {
    seal: () => runAlone(step),
    keepHead: (head) => runAlone(() => chain.keepHead(head)),
  };
}
