// A driver's whole ledger as lists, for tests: small enough to stand in memory.

import { windowOfMonths } from "../../gateway/src/catalogue/civil-dates.js";
import { schoolYearOf } from "../../gateway/src/settlement/calendar.js";
import { readTransfers } from "../../gateway/src/settlement/files/transfers.js";
import type { Driver, Rows } from "../../gateway/src/store/driver.js";
import type { LedgerRows, TrailRows } from "../../gateway/src/store/memory/ledger.js";
import type { VerifyOptions } from "../../gateway/src/store/verify.js";
import { readTestProgramme } from "./programme.js";

/** Verification by the test catalogue's reader and the real calendar. */
export const VERIFY_OPTIONS: VerifyOptions = {
  readProgramme: readTestProgramme,
  calendar: { windowOfMonths },
  books: { schoolYearOf, readTransfers },
};

/** Everything that a driver holds, in its order. */
export async function readLedger(driver: Driver): Promise<LedgerRows> {
  const ledger = driver.ledger();
  const attempts = await collected(ledger.attempts());
  return {
    programmes: await collected(ledger.programmes()),
    attempts: attempts.map(({ attempt }) => attempt),
    reversals: attempts.flatMap(({ reversal }) => reversal ?? []),
    operations: attempts.flatMap(({ capture, refunds }) => [
      ...(capture ? [capture] : []),
      ...refunds,
    ]),
    holds: await collected(ledger.holds()),
    entries: await collected(ledger.entries()),
    grants: await collected(ledger.grants()),
    cards: await collected(ledger.cards()),
  };
}

/** What a driver was told beside its ledger. */
export async function readTrail(driver: Driver): Promise<TrailRows> {
  const ledger = driver.ledger();
  return {
    suspensions: await collected(ledger.suspensions()),
    events: await collected(ledger.events({ subject: null })),
  };
}

/** All rows as a list. */
export async function collected<T>(rows: Rows<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
