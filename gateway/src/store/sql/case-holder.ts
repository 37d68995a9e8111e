// The account of a case with what it may still do, and what stands in its place where no card is there.

import type { Snapshot } from "../../core/model.js";

export type Holder = Pick<
  Snapshot,
  "account" | "grants" | "holds" | "suspensions" | "visits" | "recentSalesMs"
>;

/** What is read where there is no card. */
export const NOBODY: Holder = {
  account: null,
  grants: [],
  holds: [],
  suspensions: [],
  visits: [],
  recentSalesMs: [],
};
