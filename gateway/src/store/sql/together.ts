// Waits for several writes that were sent one after the other: a database may be some way away.

import { TransactionLostError } from "../driver.js";
import { LedgerFailedError } from "../failures.js";
import type { Awaitable } from "../rows.js";

/**
 * Settles once all have.
 *
 * @throws the gravest of what they failed with: a ledger that fails, then a transaction that is lost, then whatever was first.
 */
export async function together(sent: readonly Awaitable<unknown>[]): Promise<void> {
  const done = await Promise.allSettled(sent);
  const failed = done.filter((one) => one.status === "rejected");
  if (failed.length === 0) return;
  const reasons = failed.map(({ reason }) => reason);
  const grave = [LedgerFailedError, TransactionLostError]
    .map((kind) => reasons.find((reason) => reason instanceof kind))
    .find((reason) => reason !== undefined);
  throw grave ?? reasons[0];
}
