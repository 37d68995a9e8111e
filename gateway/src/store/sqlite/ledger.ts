// Reads everything that was decided, moved and told, a page at a time, so that no table is ever in memory as a whole.

import type {
  AttemptsPage,
  AttemptsPageQuery,
  EventRow,
  Ledger,
  LedgerAttempt,
  ReportRow,
} from "../driver.js";
import { prepareWhatBecame } from "./attempts.js";
import type { Sqlite } from "./database.js";
import { type FiledSuspensionRow, filedSuspensionOf } from "./files.js";
import { prepareBooks } from "./ledger-books.js";
import { inPages, mapped, type Numbered, PAGE_ROWS } from "./ledger-pages.js";
import {
  type AttemptSqlRow,
  attemptOf,
  type EntrySqlRow,
  type EventSqlRow,
  entryOf,
  eventOf,
  type HoldSqlRow,
  type OperationSqlRow,
  operationOf,
  ownedHoldOf,
  type ReportSqlRow,
  type ReversalSqlRow,
  reportOf,
  reversalOf,
} from "./ledger-rows.js";
import { type CardRow, cardOf, type GrantRow, grantOf } from "./rows.js";

/** How far the clock may have stepped back between two attempts. */
const CLOCK_STEP_MS = 3_600_000;

interface OwnedSuspensionRow extends FiledSuspensionRow {
  readonly account_id: string;
}

/** Prepares the ledger of a database. */
export function prepareLedger(db: Sqlite, trail: Pick<Ledger, "events">) {
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
  const strayOperations = numbered<OperationSqlRow & Numbered>(
    `SELECT * FROM operations o WHERE seq > ? AND NOT EXISTS
      (SELECT 1 FROM attempts a WHERE a.terminal_id = o.terminal_id AND a.id = o.attempt_id)`,
  );
  const holds = db.prepare<[string, string], HoldSqlRow>(
    `SELECT * FROM holds WHERE (terminal_id, attempt_id) > (?, ?)
     ORDER BY terminal_id, attempt_id LIMIT ${PAGE_ROWS}`,
  );
  const became = prepareWhatBecame(db);
  const moved = db.prepare<[string, string], EntrySqlRow>(
    "SELECT * FROM entries WHERE terminal_id = ? AND attempt_id = ? ORDER BY seq",
  );

  function ledgerAttemptOf(row: AttemptSqlRow): LedgerAttempt {
    return {
      attempt: attemptOf(row),
      ...became(row.terminal_id, row.id),
      entries: moved.all(row.terminal_id, row.id).map(entryOf),
    };
  }

  const decidedAt = db.prepare<[number], { seq: number; decided_at_ms: number }>(
    "SELECT seq, decided_at_ms FROM attempts WHERE seq >= ? ORDER BY seq LIMIT 1",
  );
  const lastSeq = db.prepare<[], number | null>("SELECT max(seq) FROM attempts").pluck();
  const pageOf = db.prepare<[number, number], AttemptSqlRow & Numbered>(
    "SELECT * FROM attempts WHERE seq >= ? ORDER BY seq LIMIT ?",
  );

  /**
   * The first attempt that can have been decided at an instant or after it: by halves, because attempts stand in the
   * order of their commits, and an instant is before an earlier one only by what a clock stepped back.
   */
  function seqAbout(instantMs: number): number {
    let [low, high] = [1, (lastSeq.get() ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = decidedAt.get(middle);
      if (row && row.decided_at_ms < instantMs) low = row.seq + 1;
      else high = middle;
    }
    return low;
  }

  function attemptsPage({ fromMs, toMs, after, max }: AttemptsPageQuery): AttemptsPage {
    const from = after ?? seqAbout(fromMs - CLOCK_STEP_MS);
    const rows = pageOf.all(from, max);
    const last = rows.at(-1);
    const isOver = !last || rows.length < max || last.decided_at_ms >= toMs + CLOCK_STEP_MS;
    const isIn = ({ decided_at_ms: atMs }: AttemptSqlRow) => fromMs <= atMs && atMs < toMs;
    return {
      rows: rows.filter(isIn).map(ledgerAttemptOf),
      next: isOver ? null : last.seq + 1,
    };
  }

  const ledger: Ledger = {
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
    holds: () =>
      mapped(
        inPages<HoldSqlRow>((last) => holds.all(last?.terminal_id ?? "", last?.attempt_id ?? "")),
        ownedHoldOf,
      ),
    strayOperations: () => mapped(strayOperations(), operationOf),
    events: trail.events,
    cards: () =>
      mapped(
        inPages<CardRow>((last) => cards.all(last?.id ?? "")),
        cardOf,
      ),
    books: prepareBooks(db),
  };
  return { ledger, attemptsPage };
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
