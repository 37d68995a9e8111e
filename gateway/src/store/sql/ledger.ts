// Reads everything that was decided, moved and told, a page at a time, so that no table is ever in memory as a whole.

import type {
  AttemptsPage,
  AttemptsPageQuery,
  EntryRow,
  Ledger,
  LedgerAttempt,
  LedgerCard,
  OperationRow,
  OwnedGrant,
  OwnedHold,
  OwnedSuspension,
  ReversalRow,
  StoredProgramme,
} from "../driver.js";
import { type FiledSuspensionRow, filedSuspensionOf } from "./files.js";
import { type NumberedAttempt, prepareLedgerAttempts } from "./ledger-attempts.js";
import { prepareBooks } from "./ledger-books.js";
import { byPages, inPages, type Numbered, PAGE_ROWS } from "./ledger-pages.js";
import {
  type EntrySqlRow,
  entryOf,
  type HoldSqlRow,
  type LedgerCardRow,
  ledgerCardOf,
  type OperationSqlRow,
  operationOf,
  ownedHoldOf,
  type ReversalSqlRow,
  reversalOf,
} from "./ledger-rows.js";
import { GRANT_COLUMNS, type GrantRow, grantOf } from "./rows.js";
import type { Sql } from "./sql.js";

/** How far the clock may have stepped back between two attempts. */
const CLOCK_STEP_MS = 3_600_000;

interface OwnedSuspensionRow extends FiledSuspensionRow {
  readonly account_id: string;
}

interface OwnedGrantRow extends GrantRow {
  readonly account_id: string;
}

/** Prepares the ledger of a database. */
export function prepareLedger(sql: Sql, trail: Pick<Ledger, "events">) {
  const { attempts, sales } = prepareLedgerAttempts(sql);
  const page = sql.prepare<NumberedAttempt>(
    `SELECT * FROM attempts WHERE seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const pageAfter = (last: NumberedAttempt | undefined) => page.all(last?.seq ?? 0);
  const ledger: Ledger = {
    ...prepareDecided(sql),
    attempts: () => byPages(pageAfter, attempts),
    sales: () => byPages(pageAfter, sales),
    ...prepareOwned(sql),
    ...prepareStrays(sql),
    events: trail.events,
    books: prepareBooks(sql),
  };
  return { ledger, attemptsPage: prepareAttemptsPage(sql, attempts) };
}

/** Prepares the read of a table with numbered rows. @param text a SELECT, up to a condition with `seq > ?` for the last row. */
function numbered<Row extends Numbered, T>(
  sql: Sql,
  text: string,
  of: (row: Row) => T,
): () => AsyncGenerator<T> {
  const page = sql.prepare<Row>(`${text} ORDER BY seq LIMIT ${PAGE_ROWS}`);
  return () => inPages<Row, T>((last) => page.all(last?.seq ?? 0), of);
}

/** Prepares the reads of what was decided and moved, and under which programmes. */
function prepareDecided(sql: Sql): Pick<Ledger, "programmes" | "entries"> {
  const programmes = sql.prepare<StoredProgramme>(
    `SELECT hash, json FROM programmes WHERE hash > ? ORDER BY hash LIMIT ${PAGE_ROWS}`,
  );
  return {
    programmes: () =>
      inPages<StoredProgramme, StoredProgramme>(
        (last) => programmes.all(last?.hash ?? ""),
        (row) => row,
      ),
    entries: numbered<EntrySqlRow & Numbered, EntryRow>(
      sql,
      "SELECT * FROM entries WHERE seq > ?",
      entryOf,
    ),
  };
}

/** Prepares the reads of what belongs to an account: grants, cards, holds, suspensions. */
function prepareOwned(sql: Sql): Pick<Ledger, "grants" | "cards" | "holds" | "suspensions"> {
  const grants = sql.prepare<OwnedGrantRow>(
    `SELECT account_id, ${GRANT_COLUMNS} FROM grants WHERE (account_id, id) > (?, ?)
     ORDER BY account_id, id LIMIT ${PAGE_ROWS}`,
  );
  const cards = sql.prepare<LedgerCardRow>(
    `SELECT id, message_counter, pin_failures, tapped_day, tapped_cents FROM cards
     WHERE id > ? ORDER BY id LIMIT ${PAGE_ROWS}`,
  );
  const suspensions = sql.prepare<OwnedSuspensionRow>(
    `SELECT * FROM suspensions WHERE (account_id, id) > (?, ?) ORDER BY account_id, id LIMIT ${PAGE_ROWS}`,
  );
  const holds = sql.prepare<HoldSqlRow>(
    `SELECT * FROM holds WHERE (terminal_id, attempt_id) > (?, ?)
     ORDER BY terminal_id, attempt_id LIMIT ${PAGE_ROWS}`,
  );
  return {
    grants: () =>
      inPages<OwnedGrantRow, OwnedGrant>(
        (last) => grants.all(last?.account_id ?? "", last?.id ?? ""),
        (row) => ({ ...grantOf(row), accountId: row.account_id }),
      ),
    suspensions: () =>
      inPages<OwnedSuspensionRow, OwnedSuspension>(
        (last) => suspensions.all(last?.account_id ?? "", last?.id ?? ""),
        (row) => ({ ...filedSuspensionOf(row), accountId: row.account_id }),
      ),
    holds: () =>
      inPages<HoldSqlRow, OwnedHold>(
        (last) => holds.all(last?.terminal_id ?? "", last?.attempt_id ?? ""),
        ownedHoldOf,
      ),
    cards: () =>
      inPages<LedgerCardRow, LedgerCard>((last) => cards.all(last?.id ?? ""), ledgerCardOf),
  };
}

/** Prepares the reads of what no attempt owns up to. */
function prepareStrays(
  sql: Sql,
): Pick<Ledger, "strayEntries" | "strayReversals" | "strayOperations"> {
  const reversals = sql.prepare<ReversalSqlRow>(
    `SELECT * FROM reversals r WHERE (terminal_id, id) > (?, ?) AND NOT EXISTS
      (SELECT 1 FROM attempts a WHERE a.terminal_id = r.terminal_id AND a.id = r.id)
     ORDER BY terminal_id, id LIMIT ${PAGE_ROWS}`,
  );
  return {
    strayEntries: numbered<EntrySqlRow & Numbered, EntryRow>(
      sql,
      `SELECT * FROM entries e WHERE seq > ? AND NOT EXISTS
        (SELECT 1 FROM attempts a WHERE a.terminal_id = e.terminal_id AND a.id = e.attempt_id)`,
      entryOf,
    ),
    strayReversals: () =>
      inPages<ReversalSqlRow, ReversalRow>(
        (last) => reversals.all(last?.terminal_id ?? "", last?.id ?? ""),
        reversalOf,
      ),
    strayOperations: numbered<OperationSqlRow & Numbered, OperationRow>(
      sql,
      `SELECT * FROM operations o WHERE seq > ? AND NOT EXISTS
        (SELECT 1 FROM attempts a WHERE a.terminal_id = o.terminal_id AND a.id = o.attempt_id)`,
      operationOf,
    ),
  };
}

/** Prepares the read of attempts by when they were decided. */
function prepareAttemptsPage(
  sql: Sql,
  attemptsOf: (page: readonly NumberedAttempt[]) => Promise<readonly LedgerAttempt[]>,
) {
  const decidedAt = sql.prepare<{ seq: number; decided_at_ms: number }>(
    "SELECT seq, decided_at_ms FROM attempts WHERE seq >= ? ORDER BY seq LIMIT 1",
  );
  const lastSeq = sql.prepare<{ readonly last: number | null }>(
    "SELECT max(seq) AS last FROM attempts",
  );
  const pageOf = sql.prepare<NumberedAttempt>(
    "SELECT * FROM attempts WHERE seq >= ? ORDER BY seq LIMIT ?",
  );

  /**
   * The first attempt that can have been decided at an instant or after it: by halves, because attempts stand in the
   * order of their commits, and an instant is before an earlier one only by what a clock stepped back.
   */
  async function seqAbout(instantMs: number): Promise<number> {
    let [low, high] = [1, ((await lastSeq.get())?.last ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = await decidedAt.get(middle);
      if (row && row.decided_at_ms < instantMs) low = row.seq + 1;
      else high = middle;
    }
    return low;
  }

  return async ({ fromMs, toMs, after, max }: AttemptsPageQuery): Promise<AttemptsPage> => {
    const from = after ?? (await seqAbout(fromMs - CLOCK_STEP_MS));
    const page = await pageOf.all(from, max);
    const last = page.at(-1);
    const isOver = !last || page.length < max || last.decided_at_ms >= toMs + CLOCK_STEP_MS;
    const asked = page.filter(({ decided_at_ms: atMs }) => fromMs <= atMs && atMs < toMs);
    const rows = asked.length === 0 ? [] : await attemptsOf(asked);
    return { rows, next: isOver ? null : last.seq + 1 };
  };
}
