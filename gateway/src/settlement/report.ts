// A settlement with what came of it.

import { assert } from "../core/assert.js";
import type { Settlement } from "../core/settlement/model.js";
import type { SettlementReport, SettlementStore } from "../core/settlement/ports.js";

/** What came of a settlement that is in the books, as it stands now. */
export async function reportOf(
  store: Pick<SettlementStore, "sums">,
  settlement: Settlement,
): Promise<SettlementReport> {
  const sums = await store.sums(settlement.lastDay);
  assert(sums, "a settlement that was begun stays");
  return { ...settlement, ...sums };
}
