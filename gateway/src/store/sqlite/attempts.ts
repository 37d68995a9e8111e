// Attempts with what became of them: found, and each of it stored once.

import { assert } from "../../core/assert.js";
import type { AttemptRow, OperationRow, ReversalRow, StoredAttempt } from "../driver.js";
import type { Sqlite } from "./database.js";
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

/** Prepares what finds and stores attempts. */
export function prepareAttempts(db: Sqlite) {
  const find = db.prepare<[string, string], AttemptSqlRow>(
    "SELECT * FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const became = prepareWhatBecame(db);
  const insert = db.prepare(
    `INSERT INTO attempts (terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
       decided_at_ms, programme_hash, rules_version, input, effects_digest, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertReversal = db.prepare(
    "INSERT INTO reversals (terminal_id, id, reason, asked_by, units, at_ms, answer) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const insertOperation = db.prepare(
    `INSERT INTO operations (kind, terminal_id, attempt_id, id, asked_by, asked, units, at_ms, programme_hash, input,
       answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const markReversed = db.prepare(
    "UPDATE attempts SET state = 'reversed' WHERE terminal_id = ? AND id = ?",
  );

  return {
    find(terminalId: string, id: string): StoredAttempt | null {
      const row = find.get(terminalId, id);
      return row ? { attempt: attemptOf(row), ...became(terminalId, id) } : null;
    },

    store(row: AttemptRow): void {
      insert.run(
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

    storeReversal(row: ReversalRow): void {
      const { terminalId, id, reason, askedBy, units, atMs, answer } = row;
      insertReversal.run(terminalId, id, reason, askedBy, units, atMs, answer);
      const marked = markReversed.run(terminalId, id);
      assert(marked.changes === 1, "a reversal has its attempt");
    },

    storeOperation(row: OperationRow): void {
      const { kind, terminalId, attemptId, id, askedBy, asked, units, atMs } = row;
      const { programmeHash, input, answer } = row;
      const of = [kind, terminalId, attemptId, id, askedBy, asked, units, atMs];
      insertOperation.run(...of, programmeHash, input, answer);
    },
  };
}

/** Prepares the reads of everything that became of an attempt. */
export function prepareWhatBecame(db: Sqlite) {
  const reversal = db.prepare<[string, string], ReversalSqlRow>(
    "SELECT * FROM reversals WHERE terminal_id = ? AND id = ?",
  );
  const operations = db.prepare<[string, string], OperationSqlRow>(
    "SELECT * FROM operations WHERE terminal_id = ? AND attempt_id = ? ORDER BY seq",
  );
  const hold = db.prepare<[string, string], HoldSqlRow>(
    "SELECT * FROM holds WHERE terminal_id = ? AND attempt_id = ?",
  );
  return (terminalId: string, id: string): Omit<StoredAttempt, "attempt"> => {
    const reversed = reversal.get(terminalId, id);
    const held = hold.get(terminalId, id);
    const done = operations.all(terminalId, id).map(operationOf);
    return {
      reversal: reversed ? reversalOf(reversed) : null,
      capture: done.find(({ kind }) => kind === "capture") ?? null,
      refunds: done.filter(({ kind }) => kind === "refund"),
      hold: held ? ownedHoldOf(held) : null,
    };
  };
}
