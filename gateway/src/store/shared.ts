// What several gateways on one database see of each other's doing, beside what a sale reads: keys, gaps and the chain.

import type { HeadRow } from "./chain/driver.js";
import type { LedgerKeys } from "./key-use/driver.js";

export type ChainPoint = Pick<HeadRow, "no" | "hash">;

export interface Shared {
  /** Null where the ledger is new. */
  readonly keys: LedgerKeys | null;
  /** Another text once a gap was opened or ended. */
  readonly gaps: string;
  /** The hash of the link that was asked for; null where it is none or is gone. */
  readonly hash: Uint8Array | null;
  /** The last head that is kept: what it stands for was durable before. */
  readonly lastHead: ChainPoint | null;
}
