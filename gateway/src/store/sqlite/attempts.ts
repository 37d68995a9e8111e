// Attempts with their answers, reversals and debits: found, and stored once.

import { assert } from "../../core/assert.js";
import type { AttemptRow, Debit, ReversalRow, StoredAttempt } from "../driver.js";
import type { Sqlite } from "./database.js";
import { type AttemptSqlRow, attemptOf, type ReversalSqlRow, reversalOf } from "./ledger-rows.js";
import { type GrantRow, grantOf } from "./rows.js";

/** Prepares what finds and stores attempts. */
export function prepareAttempts(db: Sqlite) {
  const find = db.prepare<[string, string], AttemptSqlRow>(
    "SELECT * FROM attempts WHERE terminal_id = ? AND id = ?",
  );
  const findReversal = db.prepare<[string, string], ReversalSqlRow>(
    "SELECT * FROM reversals WHERE terminal_id = ? AND id = ?",
  );
  const debits = db.prepare<[string, string], GrantRow & { units: number }>(`
    SELECT g.*, e.units FROM entries e
    JOIN grants g ON g.account_id = e.account_id AND g.id = e.grant_id
    WHERE e.terminal_id = ? AND e.attempt_id = ? ORDER BY e.seq`);
  const insert = db.prepare(
    `INSERT INTO attempts (terminal_id, id, kind, state, fingerprint, code, account_id, avantage,
       decided_at_ms, programme_hash, rules_version, input, effects_digest, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertReversal = db.prepare(
    "INSERT INTO reversals (terminal_id, id, reason, at_ms, answer) VALUES (?, ?, ?, ?, ?)",
  );
  const markReversed = db.prepare(
    "UPDATE attempts SET state = 'reversed' WHERE terminal_id = ? AND id = ?",
  );

  return {
    find(terminalId: string, id: string): StoredAttempt | null {
      const row = find.get(terminalId, id);
      if (!row) return null;
      const reversed = findReversal.get(terminalId, id);
      return { attempt: attemptOf(row), reversal: reversed ? reversalOf(reversed) : null };
    },

    debits: (terminalId: string, id: string): readonly Debit[] =>
      debits.all(terminalId, id).map((row) => ({ grant: grantOf(row), units: row.units })),

    store(row: AttemptRow): void {
      insert.run(
        row.terminalId,
        row.id,
        row.kind,
        row.state,
        row.fingerprint,
        row.code,
        row.accountId,
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
      insertReversal.run(row.terminalId, row.id, row.reason, row.atMs, row.answer);
      const marked = markReversed.run(row.terminalId, row.id);
      assert(marked.changes === 1, "a reversal has its attempt");
    },
  };
}
