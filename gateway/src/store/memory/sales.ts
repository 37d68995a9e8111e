// What an operation on an earlier sale, a status and a till's day read from memory.

import { assert } from "../../core/assert.js";
import { isExpired } from "../../core/holds.js";
import type { Grant } from "../../core/model.js";
import type { OperationRow, SaleRows, StoredAttempt, TillDay, TillDayQuery } from "../driver.js";
import { takenAtMs } from "../sale-file.js";
import { type TillSale, tillMoves } from "../till-moves.js";
import { holdsOf, keyOf, type Tables } from "./tables.js";

/** Builds the reads of sales over tables. */
export function saleReads(tables: Tables) {
  function find(terminalId: string, id: string): StoredAttempt | null {
    const at = keyOf(terminalId, id);
    const attempt = tables.attempts.get(at);
    if (!attempt) return null;
    const done = operationsOf(tables, at);
    return {
      attempt,
      reversal: tables.reversals.get(at) ?? null,
      capture: done.find(({ kind }) => kind === "capture") ?? null,
      refunds: done.filter(({ kind }) => kind === "refund"),
      hold: tables.holds.get(at) ?? null,
    };
  }

  return {
    findAttempt: find,

    readSale: (terminalId: string, id: string): SaleRows => readSale(tables, terminalId, id),

    findSalesOfPartner(partnerId: string, id: string): readonly StoredAttempt[] {
      return tables.attempts
        .values()
        .filter((attempt) => attempt.id === id && attempt.partnerId === partnerId)
        .map(({ terminalId }) => find(terminalId, id))
        .filter((stored) => stored !== null);
    },

    findRefund: (askedBy: string, id: string): OperationRow | null =>
      tables.operations
        .rows()
        .find((row) => row.kind === "refund" && row.askedBy === askedBy && row.id === id) ?? null,

    tillDay({ terminalId, fromMs, toMs, nowMs }: TillDayQuery): TillDay {
      const sales = tables.attempts
        .values()
        .filter((attempt) => attempt.kind === "authorization")
        .map((attempt) => find(attempt.terminalId, attempt.id))
        .filter((stored) => stored !== null)
        .map((stored) => tillSaleOf(tables, stored));
      const held = tables.holds
        .values()
        .filter((hold) => hold.terminalId === terminalId && !isExpired(hold, nowMs)).length;
      return { moves: tillMoves({ sales, terminalId, fromMs, toMs }), held };
    },
  };
}

function operationsOf(tables: Tables, at: string): readonly OperationRow[] {
  return tables.operations.rows().filter((row) => keyOf(row.terminalId, row.attemptId) === at);
}

function tillSaleOf(tables: Tables, stored: StoredAttempt): TillSale {
  const { attempt, reversal, refunds } = stored;
  const { terminalId, id, code, avantage } = attempt;
  const { grant, taken } = readSale(tables, terminalId, id);
  const unit = grant?.unit ?? null;
  const when = takenAtMs(stored);
  return { terminalId, id, code, avantage, unit, taken, takenAtMs: when, reversal, refunds };
}

function readSale(tables: Tables, terminalId: string, id: string): SaleRows {
  const at = keyOf(terminalId, id);
  const entries = tables.entries
    .rows()
    .filter((entry) => entry.terminalId === terminalId && entry.attemptId === id);
  const accountId = tables.attempts.get(at)?.accountId ?? "";
  const account = tables.accounts.get(accountId);
  const grantId = entries[0]?.grantId ?? tables.holds.get(at)?.grantId ?? null;
  return {
    account: account
      ? { id: account.id, holder: account.holder, lastDecisionAtMs: account.lastDecisionAtMs }
      : null,
    grant: grantId === null ? null : grantAt(tables, accountId, grantId),
    holds: holdsOf(tables, accountId),
    taken: entries.reduce((sum, { units }) => sum + Math.max(0, units), 0),
    returned: entries.reduce((sum, { units }) => sum + Math.max(0, -units), 0),
  };
}

function grantAt(tables: Tables, accountId: string, grantId: string): Grant {
  const grant = tables.grants.get(accountId)?.find(({ id }) => id === grantId);
  assert(grant, "what a sale drew on is there");
  return grant;
}
