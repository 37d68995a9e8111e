// Checks the chain against the rows that it stands for, and against the heads that were signed of it.

import type { KeyObject } from "node:crypto";
import { createFindings, type Findings } from "../findings.js";
import type { GapRow } from "../gap/driver.js";
import type { Rows } from "../rows.js";
import { CHAIN_SOURCES, type ChainDriver, type ChainSource, type LinkRow } from "./driver.js";
import { BEFORE_FIRST, linkHash } from "./link.js";
import { instantOfRow, nameOfRow } from "./row-of-chain.js";
import { checkExported, checkStored, type ExportedHead, type HeadsSeen } from "./verify-heads.js";

/** Rows that no link covers yet. */
interface UnsealedTail {
  readonly source: ChainSource;
  readonly rows: number;
  /** Of the oldest of them. */
  readonly sinceMs: number;
}

export interface ChainReport {
  /** Each made again from its row. */
  readonly links: number;
  /** What was committed after the last link; a source without such rows is left out. */
  readonly unsealed: readonly UnsealedTail[];
  /** Kept beside the chain. */
  readonly heads: HeadsSeen;
  /** From outside; null where none were given. Links above `upTo` are guarded by nothing outside the database. */
  readonly exportedHeads: HeadsSeen | null;
  /** What does not hold, in words that name link and row. The last line counts what is not listed. */
  readonly faults: readonly string[];
}

interface ChainOptions {
  /** Of the keys that may have signed; anything else that a head says of its key is not believed. */
  readonly publicKeys: readonly KeyObject[];
  /** Heads that were exported, in any order. */
  readonly exported: Rows<ExportedHead> | null;
  /** Of restores that are proved: heads of links that one of them lost are no faults, and counted. */
  readonly gaps?: readonly GapRow[];
  /**
   * Where gateways serve meanwhile: reads chain and rows as they stand at one instant. Exported heads are held to the
   * chain as it stands after that, for there may be heads of later links by then.
   */
  readonly atOneInstant?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Checks a chain one row after the other; nothing of it stands in memory. */
export async function verifyChain(chain: ChainDriver, options: ChainOptions): Promise<ChainReport> {
  const { publicKeys, exported, gaps = [], atOneInstant = (work) => work() } = options;
  const faults = createFindings();
  const { links, unsealed, check, heads } = await atOneInstant(async () => {
    const { links, last, sealedUpTo } = await checkLinks(chain, faults);
    const unsealed: UnsealedTail[] = [];
    for (const source of CHAIN_SOURCES) {
      const upTo = sealedUpTo.get(source) ?? 0;
      const tail = await checkUncovered(chain.uncovered(source), { upTo, faults });
      if (tail) unsealed.push({ source, ...tail });
    }
    const check = { chain, last, publicKeys, faults, gaps };
    return { links, unsealed, check, heads: await checkStored(check) };
  });
  const exportedHeads =
    exported && (await checkExported(exported, { ...check, keptUpTo: heads.upTo }));
  return { links, unsealed, heads, exportedHeads, faults: faults.list() };
}

interface Walked {
  readonly links: number;
  /** The number of the last link; 0 where there is none. */
  readonly last: number;
  /** By source, the seq of the last row that is sealed. */
  readonly sealedUpTo: ReadonlyMap<ChainSource, number>;
}

async function checkLinks(chain: ChainDriver, faults: Findings): Promise<Walked> {
  const sealedUpTo = new Map<ChainSource, number>();
  let links = 0;
  let before: Pick<LinkRow, "no" | "hash"> = BEFORE_FIRST;
  for await (const { link, row } of chain.links()) {
    links += 1;
    const where = `link ${link.no}, ${link.source} ${link.rowSeq}`;
    const isNext = link.no === before.no + 1;
    if (!isNext)
      faults.add(`${where}: it follows link ${before.no}, and what belongs between them is gone`);
    const sealed = sealedUpTo.get(link.source) ?? 0;
    if (link.rowSeq <= sealed)
      faults.add(`${where}: sealed twice, or out of order after ${sealed}`);
    if (row === null) {
      faults.add(`${where}: the row was sealed and is gone`);
    } else if (isNext && !linkHash(before.hash, link.no, row).equals(link.hash)) {
      faults.add(`${where}: ${nameOfRow(row)} is not what was sealed`);
    }
    sealedUpTo.set(link.source, Math.max(sealed, link.rowSeq));
    // What was sealed, not what is there now: one changed row is one fault.
    before = link;
  }
  return { links, last: before.no, sealedUpTo };
}

async function checkUncovered(
  rows: ReturnType<ChainDriver["uncovered"]>,
  { upTo, faults }: { readonly upTo: number; readonly faults: Findings },
): Promise<Omit<UnsealedTail, "source"> | null> {
  let [count, sinceMs] = [0, Number.POSITIVE_INFINITY];
  for await (const row of rows) {
    if (row.seq > upTo) {
      count += 1;
      sinceMs = Math.min(sinceMs, instantOfRow(row));
    } else {
      const where = `${row.source} ${row.seq}`;
      faults.add(`${where}: ${nameOfRow(row)} stands among sealed rows and is in no link`);
    }
  }
  return count === 0 ? null : { rows: count, sinceMs };
}
