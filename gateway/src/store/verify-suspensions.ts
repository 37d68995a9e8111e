// Holds suspensions to the audit trail: each was decided and lifted by an event, and none is missing.

import type { Ledger } from "./driver.js";
import type { Findings } from "./findings.js";
import type { Told } from "./told.js";

/** Counts the suspensions of a ledger, and names each that no event of that instant explains, and each that is gone. */
export async function checkSuspensions(input: {
  readonly ledger: Ledger;
  readonly told: Told;
  readonly faults: Findings;
}): Promise<number> {
  const { ledger, told, faults } = input;
  const left = new Map(
    [...told.accounts].map(([accountId, { suspendedAtMs, liftedAtMs }]) => [
      accountId,
      { suspendedAtMs: [...suspendedAtMs], liftedAtMs: [...liftedAtMs] },
    ]),
  );
  let suspensions = 0;
  for await (const { accountId, id, decidedAtMs, liftedAtMs } of ledger.suspensions()) {
    suspensions += 1;
    const name = `suspension ${accountId} ${id}`;
    const own = left.get(accountId) ?? { suspendedAtMs: [], liftedAtMs: [] };
    if (!take(own.suspendedAtMs, decidedAtMs)) faults.add(`${name}: no event decided it`);
    if (liftedAtMs !== null && !take(own.liftedAtMs, liftedAtMs)) {
      faults.add(`${name}: it is lifted, and no event lifted it`);
    }
  }
  for (const [accountId, { suspendedAtMs, liftedAtMs }] of left) {
    const name = `account ${accountId}`;
    const [gone, unlifted] = [suspendedAtMs.length, liftedAtMs.length];
    if (gone > 0) faults.add(`${name}: ${gone} suspensions were decided, and are not there so`);
    if (unlifted > 0) faults.add(`${name}: ${unlifted} suspensions were lifted, and are not so`);
  }
  return suspensions;
}

/** Takes one of the instants away; false where it is none of them. */
function take(instantsMs: number[], instantMs: number): boolean {
  const index = instantsMs.indexOf(instantMs);
  if (index >= 0) instantsMs.splice(index, 1);
  return index >= 0;
}
