// Holds the chain to the last head that was exported, at a start: a ledger that lost its end is not served.

import type { KeyObject } from "node:crypto";
import { type LedgerPlace, lostItsEnd } from "./ledger-place.js";
import { lastHeadIn } from "./sealer-heads-file.js";
import { faultOfExported } from "./store/chain/verify-heads.js";
import type { Driver } from "./store/driver.js";

/**
 * A head is exported once what it stands for is durable, so that the chain reaches at least as far. One line of the file
 * and one link are read, however long both are; `pass-tpe verify` reads them all.
 *
 * @throws DatabaseSetupError where the chain ends before the last whole line of the file, or was made anew, and no
 * restore explains it.
 */
export async function checkHeads(parts: {
  readonly driver: Pick<Driver, "chain" | "gaps">;
  readonly headsPath: string;
  readonly place: LedgerPlace;
  readonly publicKey: KeyObject;
}): Promise<void> {
  const { driver, headsPath, place, publicKey } = parts;
  const head = lastHeadIn(headsPath);
  if (head === null) return;
  const { chain } = driver;
  const last = (await chain.lastLink())?.no ?? 0;
  const gaps = await driver.gaps.all();
  const fault = await faultOfExported(head, { chain, last, gaps, publicKeys: [publicKey] });
  if (fault === null) return;
  throw lostItsEnd(place, `exported head ${head.no} in ${headsPath}: ${fault}`);
}
