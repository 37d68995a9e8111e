// Attempts with what became of them: found, and each of it stored once.

import type { AttemptRow, OperationRow, ReversalRow, StoredAttempt } from "../driver.js";
import {
  type AttemptSqlRow,
  attemptOf,
  type HoldSqlRow,
  type OperationSqlRow,
  operationOf,
  ownedHoldOf,
  type ReversalSqlRow,
  reversalOf,
} from "./ledger-rows.js";
import type { Sql } from "./sql.js";
import { once } from "./stale.js";
import { together } from "./together.js";

/** Prepares what finds and stores attempts. */
export function prepareAttempts(sql: Sql) {
  const find = sql.prepare<AttemptSqlRow>(
    "SELECT * FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const became = prepareWhatBecame(sql);
  const insert = sql.prepare(
    `INSERT INTO attempts (terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
       decided_at_ms, programme_hash, rules_version, input, effects_digest, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertReversal = sql.prepare(
    "INSERT INTO reversals (terminal_id, id, reason, asked_by, units, at_ms, answer) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const insertOperation = sql.prepare(
    `INSERT INTO operations (kind, terminal_id, attempt_id, id, asked_by, asked, units, at_ms, programme_hash, input,
       answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const markReversed = sql.prepare(
    "UPDATE attempts SET state = 'reversed' WHERE terminal_id = ? AND id = ?",
  );

  return {
    async find(terminalId: string, id: string): Promise<StoredAttempt | null> {
      const row = await find.get(terminalId, id);
      return row ? { attempt: attemptOf(row), ...(await became(terminalId, id)) } : null;
    },

    async store(row: AttemptRow): Promise<void> {
      await insert.run(
        row.terminalId,
        row.id,
        row.kind,
        row.state,
        row.fingerprint,
        row.code,
        row.accountId,
        row.partnerId,
        row.avantage,
        row.decidedAtMs,
        row.programmeHash,
        row.rulesVersion,
        row.input,
        row.effectsDigest,
        row.answer,
      );
    },

    async storeReversal(row: ReversalRow): Promise<void> {
      const { terminalId, id, reason, askedBy, units, atMs, answer } = row;
      const stored = insertReversal.run(terminalId, id, reason, askedBy, units, atMs, answer);
      const marked = markReversed.run(terminalId, id);
      await together([stored, once(marked, "a reversal's attempt")]);
    },

    async storeOperation(row: OperationRow): Promise<void> {
      const { kind, terminalId, attemptId, id, askedBy, asked, units, atMs } = row;
      const { programmeHash, input, answer } = row;
      const of = [kind, terminalId, attemptId, id, askedBy, asked, units, atMs];
      await insertOperation.run(...of, programmeHash, input, answer);
    },
  };
}

/** Prepares the reads of everything that became of an attempt. */
export function prepareWhatBecame(sql: Sql) {
  const reversal = sql.prepare<ReversalSqlRow>(
    "SELECT * FROM reversals WHERE terminal_id = ? AND id = ?",
  );
  const operations = sql.prepare<OperationSqlRow>(
    "SELECT * FROM operations WHERE terminal_id = ? AND attempt_id = ? ORDER BY seq",
  );
  const hold = sql.prepare<HoldSqlRow>(
    "SELECT * FROM holds WHERE terminal_id = ? AND attempt_id = ?",
  );
  return async (terminalId: string, id: string): Promise<Omit<StoredAttempt, "attempt">> => {
    const reversed = await reversal.get(terminalId, id);
    const held = await hold.get(terminalId, id);
    const done = (await operations.all(terminalId, id)).map(operationOf);
    return {
      reversal: reversed ? reversalOf(reversed) : null,
      capture: done.find(({ kind }) => kind === "capture") ?? null,
      refunds: done.filter(({ kind }) => kind === "refund"),
      hold: held ? ownedHoldOf(held) : null,
    };
  };
}
