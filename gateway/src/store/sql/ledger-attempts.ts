// Reads attempts with all that became of them, one statement of each kind for a whole page: a database may be some way away.

import type { LedgerAttempt, LedgerSale } from "../driver.js";
import type { AccruedTo } from "../settlement/driver.js";
import { prepareLinesOfPage } from "./ledger-books.js";
import type { Numbered } from "./ledger-pages.js";
import {
  type AttemptSqlRow,
  attemptOf,
  type EntrySqlRow,
  entryOf,
  type HoldSqlRow,
  type OperationSqlRow,
  operationOf,
  ownedHoldOf,
  type ReversalSqlRow,
  reversalOf,
} from "./ledger-rows.js";
import { bySale, OF_PAGE } from "./of-page.js";
import { ACCRUED } from "./settlement.js";
import type { Sql } from "./sql.js";

export type NumberedAttempt = AttemptSqlRow & Numbered;

/** Prepares what gives a page's rows their attempts; and, for a verification, their books. */
export function prepareLedgerAttempts(sql: Sql) {
  const reversals = sql.prepare<ReversalSqlRow & Numbered>(
    `SELECT * FROM reversals WHERE ${OF_PAGE("terminal_id", "id")}`,
  );
  const operations = sql.prepare<OperationSqlRow & Numbered>(
    `SELECT * FROM operations WHERE ${OF_PAGE("terminal_id", "attempt_id")} ORDER BY seq`,
  );
  const holds = sql.prepare<HoldSqlRow>(
    `SELECT * FROM holds WHERE ${OF_PAGE("terminal_id", "attempt_id")}`,
  );
  const entries = sql.prepare<EntrySqlRow>(
    `SELECT * FROM entries WHERE ${OF_PAGE("terminal_id", "attempt_id")} ORDER BY seq`,
  );
  const accrued = sql.prepare<AccruedTo>(ACCRUED);
  const linesOfPage = prepareLinesOfPage(sql);

  async function read(page: readonly NumberedAttempt[]) {
    const range = { from: page[0]?.seq ?? 0, to: page.at(-1)?.seq ?? 0 };
    const ofReversal = bySale(await reversals.all(range), (row) => [row.terminal_id, row.id]);
    const ofAttempt = (row: { readonly terminal_id: string; readonly attempt_id: string }) =>
      [row.terminal_id, row.attempt_id] as const;
    const ofOperation = bySale(await operations.all(range), ofAttempt);
    const ofHold = bySale(await holds.all(range), ofAttempt);
    const ofEntry = bySale(await entries.all(range), ofAttempt);
    const attempt = (row: NumberedAttempt): LedgerAttempt => {
      const [reversal] = ofReversal(row);
      const [hold] = ofHold(row);
      const done = ofOperation(row).map(operationOf);
      return {
        attempt: attemptOf(row),
        reversal: reversal ? reversalOf(reversal) : null,
        capture: done.find(({ kind }) => kind === "capture") ?? null,
        refunds: done.filter(({ kind }) => kind === "refund"),
        hold: hold ? ownedHoldOf(hold) : null,
        entries: ofEntry(row).map(entryOf),
      };
    };
    return { range, attempt, ofReversal, ofOperation };
  }

  return {
    async attempts(page: readonly NumberedAttempt[]): Promise<readonly LedgerAttempt[]> {
      const { attempt } = await read(page);
      return page.map(attempt);
    },

    async sales(page: readonly NumberedAttempt[]): Promise<readonly LedgerSale[]> {
      const { range, attempt, ofReversal, ofOperation } = await read(page);
      const ofLine = await linesOfPage(range);
      const to = (await accrued.get()) ?? { attempts: 0, operations: 0, reversals: 0 };
      return page.map((row) => ({
        row: attempt(row),
        books: {
          lines: ofLine(row),
          lookedAt: {
            decision: row.seq <= to.attempts,
            operations: ofOperation(row).filter(({ seq }) => seq <= to.operations).length,
            reversal: ofReversal(row).some(({ seq }) => seq <= to.reversals),
          },
        },
      }));
    },
  };
}
