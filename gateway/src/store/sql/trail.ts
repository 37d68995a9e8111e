// Reads the audit trail and the register of reports, a page at a time.

import type { EventRow, ReportRow } from "../driver.js";
import { inPages, type Numbered, PAGE_ROWS } from "./ledger-pages.js";
import { type EventSqlRow, eventOf, type ReportSqlRow, reportOf } from "./ledger-rows.js";
import type { Sql } from "./sql.js";

/** Prepares the reads of the audit trail and of the register of reports. */
export function prepareTrail(sql: Sql) {
  const all = sql.prepare<EventSqlRow & Numbered>(
    `SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const about = sql.prepare<EventSqlRow & Numbered>(
    `SELECT * FROM events WHERE subject = ? AND seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const reports = sql.prepare<ReportSqlRow>(
    `SELECT * FROM incivility_reports WHERE (partner_id, report) > (?, ?)
     ORDER BY partner_id, report LIMIT ${PAGE_ROWS}`,
  );
  return {
    events: ({ subject }: { readonly subject: string | null }): AsyncGenerator<EventRow> =>
      inPages<EventSqlRow & Numbered, EventRow>((last) => {
        const after = last?.seq ?? 0;
        return subject === null ? all.all(after) : about.all(subject, after);
      }, eventOf),
    reports: (): AsyncGenerator<ReportRow> =>
      inPages<ReportSqlRow, ReportRow>(
        (last) => reports.all(last?.partner_id ?? "", last?.report ?? ""),
        reportOf,
      ),
  };
}
