// A driver's whole ledger as lists, for tests: small enough to stand in memory.

import type { Driver, Rows } from "../../gateway/src/store/driver.js";
import type { LedgerRows } from "../../gateway/src/store/memory/ledger.js";

/** Everything that a driver holds, in its order. */
export async function readLedger(driver: Driver): Promise<LedgerRows> {
  const ledger = driver.ledger();
  const attempts = await collected(ledger.attempts());
  return {
    programmes: await collected(ledger.programmes()),
    attempts: attempts.map(({ attempt }) => attempt),
    reversals: attempts.flatMap(({ reversal }) => reversal ?? []),
    entries: await collected(ledger.entries()),
    grants: await collected(ledger.grants()),
    cards: await collected(ledger.cards()),
  };
}

/** All rows as a list. */
export async function collected<T>(rows: Rows<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
