// The report of a chaos run as lines for people.

import type { ChaosReport } from "./run.js";

/** What was done, what was sold, how fast the gateway came back, and every violation. */
export function reportLines(report: ChaosReport): readonly string[] {
  const { gateway, tills, network, sales, readyMs, violations, folder } = report;
  const ready =
    readyMs === null
      ? "no start was measured"
      : `min ${readyMs.min}, p50 ${readyMs.p50}, p99 ${readyMs.p99}, max ${readyMs.max} ms of ${readyMs.count}; allowed ${report.readyMsMax}`;
  const { unknownEnds } = sales;
  return [
    `seed ${report.seed}, ${report.seconds} s, ${report.terminals} tills, disk: ${report.disk}`,
    `gateway: ${gateway.kills} kills, ${gateway.pauses} pauses, ${report.fullDisks} full disks, ${gateway.doubts} ends in doubt`,
    `tills: ${tills.kills} kills, ${tills.pauses} pauses; network: ${counts(network)}`,
    `start to ready: ${ready}`,
    `sales: ${sales.began} began, ${sales.approved} approved, ${sales.declined} declined, ${sales.unknown} unknown, ${sales.neverTold} never told (till killed)`,
    `unknown ones: ${unknownEnds.reversed} reversed, ${unknownEnds.stillOpen} still open; recovered approvals: ${sales.recovered}`,
    `codes: ${counts(sales.byCode)}`,
    `after the sale: ${counts(sales.afterSale)}`,
    `ledger: ${counts(report.ledger)}`,
    ...report.traces.flatMap((lines) => ["", ...lines]),
    ...violations.map(({ rule, found }) => `VIOLATION ${rule}: ${found}`),
    violations.length === 0
      ? "nothing lost, nothing doubled, nothing left in doubt"
      : `${violations.length} violations`,
    ...(folder === null ? [] : [`traces: ${folder}`]),
  ];
}

function counts(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
