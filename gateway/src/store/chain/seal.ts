// Seals what was committed, a bounded step at a time: no sale writes anything for the chain, and none waits long for it.

import { LedgerWentBackError } from "../failures.js";
import type { Awaitable } from "../rows.js";
import type { ChainPoint } from "../shared.js";
import type { ChainDriver, ChainRow, ChainSource, HeadRow, LinkRow, SealedUpTo } from "./driver.js";
import { BEFORE_FIRST, linkAfter } from "./link.js";

/**
 * The fewest rows of one source that are read and hashed in one go, between two commits, where there are so many: half a
 * millisecond. More follow after the next commit, so that few sales at a time, who wait for nothing else, wait no longer.
 */
export const READ_TOGETHER_MIN = 16;

/** By so much a reading has more rows than the commit before it had sales: the chain keeps up, however full commits are. */
const READ_MORE = 1.25;

/** How many rows of one source are read in one go after a commit of so many commands. */
export function readTogether(commands: number): number {
  return Math.max(READ_TOGETHER_MIN, Math.ceil(commands * READ_MORE));
}

/** The most rows that one step seals. Their links share one commit, of about as long. */
export const SEALED_PER_STEP_MAX = 640;

export interface SealedStep {
  /** How many rows; {@link SEALED_PER_STEP_MAX} where more may wait. */
  readonly sealed: number;
  /** The last link where no head stands for it yet; null where all is signed. */
  readonly unsigned: LinkRow | null;
  /** Where another gateway seals: how far it came. */
  readonly elsewhere?: SealedElsewhere;
}

export interface SealedElsewhere {
  /** The link of the last head that it kept; 0 before the first. */
  readonly headNo: number;
  /** Whether something is committed that no head stands for. */
  readonly isBehind: boolean;
}

const NOTHING: SealedStep = { sealed: 0, unsigned: null };

/** What a sealer does to a store, one at a time. Each is durable, or nothing of it is there, when its promise settles. */
export interface ChainSteps {
  seal(): Promise<SealedStep>;
  keepHead(head: HeadRow): Promise<void>;
  /**
   * Holds the chain to a head, now and before each step from now on; so it does by itself to every head that it kept or saw
   * kept: what a head stands for was durable before.
   *
   * @throws LedgerWentBackError where its link is gone, or is another one: the store has stopped then.
   */
  hold(head: ChainPoint): Promise<void>;
  /** Lets another gateway seal, where there is one: this one could not. */
  leave(): void;
}

interface ChainStepsOptions {
  readonly chain: ChainDriver;
  /** Reads what is durable between two commits, after the sales that wait. */
  readonly readBehind: <T>(work: () => Awaitable<T>) => Promise<T>;
  /** Runs work in a transaction of its own between two commits, beside other gateways, and settles once it is durable. */
  readonly runBetween: <T>(work: () => Awaitable<T>) => Promise<T>;
  /** How many commands shared the last commit of sales. */
  readonly lastCommit: () => number;
}

interface Ends {
  readonly last: Pick<LinkRow, "no" | "hash">;
  readonly upTo: Map<ChainSource, number>;
}

/** Builds the steps of a chain. Sales go on after each reading, and not only after the step. */
export function createChainSteps(options: ChainStepsOptions): ChainSteps {
  const { chain, readBehind, runBetween, lastCommit } = options;

  /** The highest head that the chain is known to have met. */
  let known: ChainPoint | null = null;

  function know(head: ChainPoint | null): void {
    if (head !== null && head.no > (known?.no ?? 0)) known = { no: head.no, hash: head.hash };
  }

  async function check(head: ChainPoint): Promise<void> {
    const hash = await chain.hashOf(head.no);
    if (hash !== null && Buffer.from(hash).equals(head.hash)) return;
    throw new LedgerWentBackError(
      `the chain has lost link ${head.no}, which a head stands for: an earlier state of the ledger was restored under this gateway, or a standby took over that had not got it`,
    );
  }

  async function seal(): Promise<SealedStep> {
    const { isOurs, last, sealed, signed, rows } = await readBehind(look);
    if (!isOurs) {
      const isBehind = rows.length > 0 || (last?.no ?? 0) > signed;
      return { ...NOTHING, elsewhere: { headNo: signed, isBehind } };
    }
    const links = await linksOf(rows, { last: last ?? BEFORE_FIRST, upTo: new Map(sealed) });
    // Another gateway had its turn in between: what it sealed is read anew by the next run.
    if (links.length > 0 && !(await runBetween(() => append(links, last)))) return NOTHING;
    const end = links.at(-1) ?? last;
    return { sealed: links.length, unsigned: end !== null && end.no > signed ? end : null };
  }

  /** Whose turn it is, where the chain ends, and the first rows after it. */
  async function look() {
    const isOurs = (await chain.turn?.take()) ?? true;
    if (known !== null) await check(known);
    // Before all else: whatever another gateway links from here on shows by a later end.
    const last = await chain.lastLink();
    const sealed = await chain.sealedUpTo();
    const lastHead = await chain.lastHead();
    know(lastHead);
    const rows = await rowsAfter(sealed, SEALED_PER_STEP_MAX);
    return { isOurs, last, sealed, signed: lastHead?.no ?? 0, rows };
  }

  const rowsAfter = (upTo: SealedUpTo, max: number) =>
    chain.unsealed({ upTo, each: readTogether(lastCommit()), max });

  /**
   * The links of these rows, and of those that follow them within the step.
   *
   * @param after.upTo what is sealed; here, too, once it is linked.
   */
  async function linksOf(first: readonly ChainRow[], after: Ends): Promise<readonly LinkRow[]> {
    const links: LinkRow[] = [];
    for (let rows = first; ; ) {
      for (const row of rows) {
        links.push(linkAfter(links.at(-1) ?? after.last, row));
        after.upTo.set(row.source, row.seq);
      }
      const left = SEALED_PER_STEP_MAX - links.length;
      if (rows.length === 0 || left === 0) return links;
      rows = await readBehind(() => rowsAfter(after.upTo, left));
    }
  }

  /**
   * The rows were read before this transaction. They never change, but another gateway may have linked them since.
   *
   * @returns whether the chain still ended where it did when they were read; else nothing is appended.
   */
  async function append(links: readonly LinkRow[], last: LinkRow | null): Promise<boolean> {
    const lastNow = await chain.lastLink();
    if (lastNow?.no !== last?.no) return false;
    // After a failover the same number may stand for another row.
    if (lastNow && last && !Buffer.from(lastNow.hash).equals(last.hash)) return false;
    await chain.append(links);
    return true;
  }

  /** Two gateways may sign what one of them sealed, one after the other: the first head of a link is kept, or of a later one. */
  async function keepHead(head: HeadRow): Promise<void> {
    const last = await chain.lastHead();
    if (last === null || last.no < head.no) await chain.keepHead(head);
  }

  return {
    seal,
    keepHead(head) {
      know(head);
      return runBetween(() => keepHead(head));
    },
    async hold(head) {
      await readBehind(() => check(head));
      know(head);
    },
    leave: () => chain.turn?.leave(),
  };
}
