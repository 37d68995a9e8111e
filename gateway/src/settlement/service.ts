// What the operator can do with reimbursements: settle, look, pay, and tell partners and accounts.

import type { PartnerPapers, SettlementLine } from "../core/settlement/model.js";
import { paperRulesOf } from "../core/settlement/papers.js";
import type { LinesQuery, Settlements } from "../core/settlement/ports.js";
import { createCutoffs, daysToInstants } from "./calendar.js";
import { accrueAll, createClosing } from "./close-period.js";
import { labelsOf } from "./labels.js";
import { createLineWords } from "./line-words.js";
import type { SettlementsOptions } from "./options.js";
import { reportOf } from "./report.js";
import { createStatusReports } from "./status-reports.js";

/** Builds the operator's reimbursements over the books. */
export function createSettlements(options: SettlementsOptions): Settlements {
  const { store, files, programme, clock } = options;
  const cutoffs = createCutoffs(programme.settings.settlement.lastWeekday);
  const labels = labelsOf(programme);
  const rules = paperRulesOf(programme);

  async function collected(query: LinesQuery): Promise<readonly SettlementLine[]> {
    const lines: SettlementLine[] = [];
    for await (const line of store.lines(query)) lines.push(line);
    return lines;
  }

  async function statement(
    papers: PartnerPapers,
    asked: Parameters<Settlements["statement"]>[0],
  ): Promise<string> {
    const { partnerId, firstDay, lastDay, format } = asked;
    // What was sold a minute ago is in it as well.
    await accrueAll(store);
    const range = daysToInstants({ firstDay, lastDay });
    const lines = range ? await collected({ partnerId, ...range }) : [];
    const payments = range ? await store.paymentsOf({ partnerId, ...range }) : [];
    const isCarried = (await store.balanceCents(partnerId)) <= 0;
    const wordsOf = createLineWords({ papers, rules, payments, isCarried });
    const days = { firstDay, lastDay };
    const input = { partner: papers, lines, payments, ...days, labels, isCarried, wordsOf };
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
      const papers = await store.papers(asked.partnerId);
      return papers && statement(papers, asked);
    },
    accounts: (lastDay) => store.accounts(lastDay),
    alerts: options.alerts,
  };
}
