// Visits that are counted and not debited: the same card at the same door within a minute is one (T-32).

import type { Effect } from "./decision.js";
import type { Snapshot } from "./model.js";
import type { AvantageRule } from "./programme.js";

/** Whether this presentation is a visit that was recorded a moment ago. */
export function isSameVisit(rule: AvantageRule, snapshot: Snapshot, nowMs: number): boolean {
  const { sameVisitMs, code } = rule;
  if (sameVisitMs === null) return false;
  return snapshot.visits.some(
    (visit) => visit.avantage === code && nowMs - visit.atMs < sameVisitMs,
  );
}

/** The visit's record, where the avantage has visits. */
export function visitEffects(rule: AvantageRule, snapshot: Snapshot): readonly Effect[] {
  const { account, terminal } = snapshot;
  if (rule.sameVisitMs === null || account === null) return [];
  const { pointOfSaleId } = terminal;
  return [{ type: "recordVisit", accountId: account.id, pointOfSaleId, avantage: rule.code }];
}
