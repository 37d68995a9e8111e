// Holds signed heads to the chain: a chain that was made anew, or lost its end, does not meet what was signed before.

import type { KeyObject } from "node:crypto";
import { ED25519_SIGNATURE_BYTES, ed25519Verify } from "@pass-tpe/protocol/standards";
import type { Findings } from "../findings.js";
import type { GapRow } from "../gap/driver.js";
import type { Rows } from "../rows.js";
import type { ChainDriver, HeadRow } from "./driver.js";
import { headMessage } from "./link.js";

/** A line of exported heads. */
export interface ExportedHead {
  /** From 1. */
  readonly line: number;
  /** `torn`: cut off when the gateway or its disk went down; the head that belongs here was signed again after it. */
  readonly head: HeadRow | "torn" | "unreadable";
}

export interface HeadsSeen {
  readonly count: number;
  /** The last link that a good one of them stands for; 0 where there is none. */
  readonly upTo: number;
  /** Lines that were cut off. */
  readonly torn: number;
  /** By the number of its gap, how many stand for links that a restore lost; left out where none does. */
  readonly lost?: Readonly<Record<number, number>>;
}

interface Check {
  readonly chain: ChainDriver;
  /** The number of the last link. */
  readonly last: number;
  readonly publicKeys: readonly KeyObject[];
  readonly faults: Findings;
  readonly gaps: readonly GapRow[];
}

/** Checks the heads that are kept beside the chain. */
export async function checkStored(check: Check): Promise<HeadsSeen> {
  let [count, upTo] = [0, 0];
  for await (const head of check.chain.heads()) {
    count += 1;
    const fault = await faultOf(head, check);
    if (fault === null) upTo = Math.max(upTo, head.no);
    else check.faults.add(`head ${head.no}: ${fault}`);
  }
  return { count, upTo, torn: 0 };
}

/** Checks heads that were exported. @param check.keptUpTo the last link that a good head beside the chain stands for. */
export async function checkExported(
  exported: Rows<ExportedHead>,
  check: Check & { readonly keptUpTo: number },
): Promise<HeadsSeen> {
  const { keptUpTo } = check;
  let [count, upTo, torn, told] = [0, 0, 0, 0];
  const lost: Record<number, number> = {};
  for await (const { line, head } of exported) {
    if (head === "torn") {
      torn += 1;
    } else if (head === "unreadable") {
      check.faults.add(`exported heads, line ${line}: this is no head`);
    } else {
      count += 1;
      told = Math.max(told, head.no);
      const fault = await faultOf(head, check);
      const gap = fault === null ? undefined : gapOf(head, check);
      if (fault === null) upTo = Math.max(upTo, head.no);
      else if (gap !== undefined) lost[gap.no] = (lost[gap.no] ?? 0) + 1;
      else check.faults.add(`exported head ${head.no} (line ${line}): ${fault}`);
    }
  }
  if (count === 0 && (check.last > 0 || keptUpTo > 0)) {
    check.faults.add("exported heads: there is none, and nothing outside guards the chain");
  } else if (told < keptUpTo) {
    // A head is exported before it is kept.
    check.faults.add(
      `exported heads: they end at link ${told}, and a head of link ${keptUpTo} was exported and is gone; name the newest file, and with several gateways the files of all`,
    );
  }
  return { count, upTo, torn, ...(Object.keys(lost).length === 0 ? {} : { lost }) };
}

/**
 * What is wrong with the chain by one exported head; null where nothing is, or where a restore explains it. A line that
 * the gateway did not sign says nothing of the chain.
 */
export async function faultOfExported(
  head: HeadRow,
  check: Omit<Check, "faults">,
): Promise<string | null> {
  if (!isSigned(head, check.publicKeys) || gapOf(head, check) !== undefined) return null;
  return faultOf(head, check);
}

/** The restore that lost what a head of before it stands for: the numbers of those links were given anew since. */
function gapOf(head: HeadRow, { gaps, publicKeys }: Omit<Check, "faults">): GapRow | undefined {
  if (!isSigned(head, publicKeys)) return undefined;
  return gaps.find(({ linkNo, toMs }) => head.no > linkNo && head.atMs <= toMs);
}

function isSigned(head: HeadRow, publicKeys: readonly KeyObject[]): boolean {
  const { signature } = head;
  const message = headMessage(head);
  return (
    signature.length === ED25519_SIGNATURE_BYTES &&
    publicKeys.some((publicKey) => ed25519Verify({ publicKey, message, signature }))
  );
}

async function faultOf(head: HeadRow, check: Omit<Check, "faults">): Promise<string | null> {
  const { chain, last, publicKeys } = check;
  if (!isSigned(head, publicKeys)) return "it is not signed with the gateway's audit key";
  if (head.no > last && head.no > (await lastNow(chain)))
    return `the chain ends at link ${last}: what was sealed after it is gone`;
  const hash = await chain.hashOf(head.no);
  if (hash === null) return "its link is gone";
  if (!Buffer.from(hash).equals(head.hash)) return "the chain was made anew after it was signed";
  return null;
}

/** Where gateways serve meanwhile, a head may be of links that were made after what is looked at. */
async function lastNow(chain: ChainDriver): Promise<number> {
  return (await chain.lastLink())?.no ?? 0;
}
