// The report of a failover run as lines for people.

import type { Spread } from "../chaos/quantiles.js";
import type { FailoverReport } from "./run.js";

/** What was done, how long tills had no answer, what was sold, and every violation. */
export function reportLines(report: FailoverReport): readonly string[] {
  const { faults, sales, violations, folder } = report;
  return [
    `seed ${report.seed}, ${report.seconds} s, ${report.tills} tills, ${report.network}`,
    ...Object.entries(faults).map(
      ([kind, { count, withoutAnswerMs }]) =>
        `${kind}: ${count} times; without an answer ${words(withoutAnswerMs)}`,
    ),
    `gateways ended in doubt ${report.gatewaysEndedInDoubt} times`,
    `sales: ${sales.began} began, ${sales.approved} approved, ${sales.declined} declined, ${sales.unknown} unknown, of which ${sales.unknownEnds.reversed} reversed`,
    ...report.traces.flatMap((lines) => ["", ...lines]),
    ...violations.map(({ rule, found }) => `VIOLATION ${rule}: ${found}`),
    violations.length === 0
      ? "nothing lost, nothing doubled, nothing left in doubt"
      : `${violations.length} violations`,
    ...(folder === null ? [] : [`traces: ${folder}`]),
  ];
}

function words(spread: Spread | null): string {
  if (spread === null) return "was not measured";
  const { count, min, p50, p90, p99, max } = spread;
  return `min ${min}, p50 ${p50}, p90 ${p90}, p99 ${p99}, max ${max} ms of ${count}`;
}
