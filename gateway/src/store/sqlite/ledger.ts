// Reads everything that was decided, moved and told, a page at a time, so that no table is ever in memory as a whole.

import type { EventRow, Ledger, LedgerAttempt, ReportRow } from "../driver.js";
import type { Sqlite } from "./database.js";
import { type FiledSuspensionRow, filedSuspensionOf } from "./files.js";
import {
  type AttemptSqlRow,
  attemptOf,
  type EntrySqlRow,
  type EventSqlRow,
  entryOf,
  eventOf,
  type ReportSqlRow,
  type ReversalSqlRow,
  reportOf,
  reversalOf,
} from "./ledger-rows.js";
import { type CardRow, cardOf, type GrantRow, grantOf } from "./rows.js";

/** Rows of one page. Between two pages no statement is open, so that nothing else is held up by a reader. */
const PAGE_ROWS = 1_000;

interface Numbered {
  readonly seq: number;
}

/** All rows, each page from where the last one ended. */
function* inPages<Row>(pageAfter: (last: Row | undefined) => readonly Row[]): Generator<Row> {
  let last: Row | undefined;
  for (;;) {
    const page = pageAfter(last);
    yield* page;
    last = page.at(-1);
    if (page.length < PAGE_ROWS) return;
  }
}

function* mapped<Row, T>(rows: Iterable<Row>, of: (row: Row) => T): Generator<T> {
  for (const row of rows) yield of(row);
}

interface OwnedSuspensionRow extends FiledSuspensionRow {
  readonly account_id: string;
}

/** Prepares the ledger of a database. */
export function prepareLedger(db: Sqlite, trail: Pick<Ledger, "events">): Ledger {
  const numbered = <Row extends Numbered>(sql: string) => {
    const page = db.prepare<[number], Row>(`${sql} ORDER BY seq LIMIT ${PAGE_ROWS}`);
    return () => inPages<Row>((last) => page.all(last?.seq ?? 0));
  };
  const attempts = numbered<AttemptSqlRow & Numbered>("SELECT * FROM attempts WHERE seq > ?");
  const entries = numbered<EntrySqlRow & Numbered>("SELECT * FROM entries WHERE seq > ?");
  const strays = numbered<EntrySqlRow & Numbered>(
    `SELECT * FROM entries e WHERE seq > ? AND NOT EXISTS
      (SELECT 1 FROM attempts a WHERE a.terminal_id = e.terminal_id AND a.id = e.attempt_id)`,
  );
  const grants = db.prepare<[string, string], GrantRow>(
    `SELECT * FROM grants WHERE (account_id, id) > (?, ?) ORDER BY account_id, id LIMIT ${PAGE_ROWS}`,
  );
  const cards = db.prepare<[string], CardRow>(
    `SELECT * FROM cards WHERE id > ? ORDER BY id LIMIT ${PAGE_ROWS}`,
  );
  const suspensions = db.prepare<[string, string], OwnedSuspensionRow>(
    `SELECT * FROM suspensions WHERE (account_id, id) > (?, ?) ORDER BY account_id, id LIMIT ${PAGE_ROWS}`,
  );
  const strayReversals = db.prepare<[string, string], ReversalSqlRow>(
    `SELECT * FROM reversals r WHERE (terminal_id, id) > (?, ?) AND NOT EXISTS
      (SELECT 1 FROM attempts a WHERE a.terminal_id = r.terminal_id AND a.id = r.id)
     ORDER BY terminal_id, id LIMIT ${PAGE_ROWS}`,
  );
  const reversal = db.prepare<[string, string], ReversalSqlRow>(
    "SELECT * FROM reversals WHERE terminal_id = ? AND id = ?",
  );
  const moved = db.prepare<[string, string], EntrySqlRow>(
    "SELECT * FROM entries WHERE terminal_id = ? AND attempt_id = ? ORDER BY seq",
  );

  function ledgerAttemptOf(row: AttemptSqlRow): LedgerAttempt {
    const reversed = reversal.get(row.terminal_id, row.id);
    return {
      attempt: attemptOf(row),
      reversal: reversed ? reversalOf(reversed) : null,
      entries: moved.all(row.terminal_id, row.id).map(entryOf),
    };
  }

  return {
    programmes: () =>
      db.prepare<[], { hash: string; json: string }>("SELECT hash, json FROM programmes").all(),
    attempts: () => mapped(attempts(), ledgerAttemptOf),
    entries: () => mapped(entries(), entryOf),
    strayEntries: () => mapped(strays(), entryOf),
    strayReversals: () =>
      mapped(
        inPages<ReversalSqlRow>((last) =>
          strayReversals.all(last?.terminal_id ?? "", last?.id ?? ""),
        ),
        reversalOf,
      ),
    grants: () =>
      mapped(
        inPages<GrantRow>((last) => grants.all(last?.account_id ?? "", last?.id ?? "")),
        (row) => ({ ...grantOf(row), accountId: row.account_id }),
      ),
    suspensions: () =>
      mapped(
        inPages<OwnedSuspensionRow>((last) =>
          suspensions.all(last?.account_id ?? "", last?.id ?? ""),
        ),
        (row) => ({ ...filedSuspensionOf(row), accountId: row.account_id }),
      ),
    events: trail.events,
    cards: () =>
      mapped(
        inPages<CardRow>((last) => cards.all(last?.id ?? "")),
        cardOf,
      ),
  };
}

/** Prepares the reads of the audit trail and of the register of reports. */
export function prepareTrail(db: Sqlite) {
  const all = db.prepare<[number], EventSqlRow & Numbered>(
    `SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const about = db.prepare<[string, number], EventSqlRow & Numbered>(
    `SELECT * FROM events WHERE subject = ? AND seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const reports = db.prepare<[string, string], ReportSqlRow>(
    `SELECT * FROM incivility_reports WHERE (partner_id, report) > (?, ?)
     ORDER BY partner_id, report LIMIT ${PAGE_ROWS}`,
  );
  return {
    events({ subject }: { readonly subject: string | null }): Generator<EventRow> {
      const rows = inPages<EventSqlRow & Numbered>((last) => {
        const after = last?.seq ?? 0;
        return subject === null ? all.all(after) : about.all(subject, after);
      });
      return mapped(rows, eventOf);
    },
    reports: (): Generator<ReportRow> =>
      mapped(
        inPages<ReportSqlRow>((last) => reports.all(last?.partner_id ?? "", last?.report ?? "")),
        reportOf,
      ),
  };
}
