// What the operator can do with reimbursements: settle, look, pay, and tell partners and accounts.

import type { PartnerPapers, SettlementLine } from "../core/settlement/model.js";
import type { LinesQuery, Settlements } from "../core/settlement/ports.js";
import { wordsOfHolds } from "../core/settlement/words.js";
import { createCutoffs, daysToInstants } from "./calendar.js";
import { accrueAll, createClosing } from "./close-period.js";
import type { SettlementsOptions } from "./options.js";
import { reportOf } from "./report.js";
import { createStatusReports } from "./status-reports.js";

/** Builds the operator's reimbursements over the books. */
export function createSettlements(options: SettlementsOptions): Settlements {
  const { store, files, programme, clock } = options;
  const cutoffs = createCutoffs(programme.settings.settlement.lastWeekday);
  const labels = new Map([...programme.avantages].map(([code, { label }]) => [code, label]));

  async function collected(query: LinesQuery): Promise<readonly SettlementLine[]> {
    const lines: SettlementLine[] = [];
    for await (const line of store.lines(query)) lines.push(line);
    return lines;
  }

  async function statement(
    partner: PartnerPapers,
    asked: Parameters<Settlements["statement"]>[0],
  ): Promise<string> {
    const { partnerId, firstDay, lastDay, format } = asked;
    // What was sold a minute ago is in it as well.
    await accrueAll(store);
    const range = daysToInstants({ firstDay, lastDay });
    const lines = range ? await collected({ partnerId, ...range }) : [];
    const settlements = new Set(lines.map(({ payment }) => payment?.settlement));
    const payments = (await store.paymentsOf(partnerId)).filter((it) =>
      settlements.has(it.settlement),
    );
    const wordsOf = (line: SettlementLine) => wordsOfHolds(line, partner).join(" ");
    const input = { partner, lines, payments, firstDay, lastDay, labels, wordsOf };
    return format === "csv" ? files.statementCsv(input) : files.statementHtml(input);
  }

  return {
    settle: createClosing(options),
    lastClosedDay: () => cutoffs.lastClosed(clock.nowMs()).lastDay,
    async list() {
      const reports = [];
      for (const settlement of await store.settlements()) {
        reports.push(await reportOf(store, settlement));
      }
      return reports;
    },
    async report(lastDay) {
      const settlement = await store.settlement(lastDay);
      return settlement && reportOf(store, settlement);
    },
    async paymentFile(lastDay) {
      const file = await store.paymentFile(lastDay);
      return file === null || file.length === 0 ? null : file;
    },
    readStatusReport: createStatusReports(options),
    async statement(asked) {
      const partner = await store.papers(asked.partnerId);
      return partner && statement(partner, asked);
    },
    async accounts(lastDay) {
      if ((await store.settlement(lastDay))?.state !== "filed") return null;
      const lines = await collected({ settlement: lastDay });
      return files.accountsCsv({ payments: await store.payments(lastDay), lines, labels });
    },
    alerts: options.alerts,
  };
}
