// Holds the chain to the last heads that were exported, at a start: a ledger that lost its end is not served.

import type { KeyObject } from "node:crypto";
import { type LedgerPlace, lostItsEnd } from "./ledger-place.js";
import { lastHeadsIn } from "./sealer-heads-file.js";
import type { HeadRow } from "./store/chain/driver.js";
import { faultOfExported } from "./store/chain/verify-heads.js";
import type { Driver } from "./store/driver.js";

/**
 * A head is exported once what it stands for is durable, so that the chain reaches at least as far. The end of the file is
 * read, however long it is, and a link for each head in it: the last line is not always the highest. `pass-tpe verify`
 * reads them all.
 *
 * @returns the highest of these heads that the chain has; null where it has none of them.
 * @throws DatabaseSetupError where the chain ends before one of them, or was made anew, and no restore explains it.
 */
export async function checkHeads(parts: {
  readonly driver: Pick<Driver, "chain" | "gaps">;
  readonly headsPath: string;
  readonly place: LedgerPlace;
  readonly publicKey: KeyObject;
}): Promise<HeadRow | null> {
  const { driver, headsPath, place, publicKey } = parts;
  const heads = lastHeadsIn(headsPath).toSorted((a, b) => b.no - a.no);
  if (heads.length === 0) return null;
  const { chain } = driver;
  const last = (await chain.lastLink())?.no ?? 0;
  const gaps = await driver.gaps.all();
  let highest: HeadRow | null = null;
  for (const head of heads) {
    const fault = await faultOfExported(head, { chain, last, gaps, publicKeys: [publicKey] });
    if (fault !== null) {
      throw lostItsEnd(place, `exported head ${head.no} in ${headsPath}: ${fault}`);
    }
    if (highest === null && (await isIn(chain, head))) highest = head;
  }
  return highest;
}

async function isIn(chain: Driver["chain"], { no, hash }: HeadRow): Promise<boolean> {
  const found = await chain.hashOf(no);
  return found !== null && Buffer.from(found).equals(hash);
}
