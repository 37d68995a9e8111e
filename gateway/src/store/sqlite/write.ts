// Writes what a decision changed, each statement naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { AttemptRow, Change, ReversalRow } from "../driver.js";
import type { Sqlite } from "./database.js";

/** How many expired one-time references one write removes, so that their tables stay small without a sweep. */
const EXPIRED_REMOVED_PER_WRITE = 4;

/** Expired references are kept so long: a clock that steps back by less must not make a used code good again. */
const EXPIRED_KEPT_MS = 24 * 3_600_000;

type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** Prepares the writes of a database. */
export function prepareWrites(db: Sqlite) {
  const advanceCounter = db.prepare(
    "UPDATE cards SET message_counter = ? WHERE id = ? AND message_counter = ?",
  );
  const setPinFailures = db.prepare(
    "UPDATE cards SET pin_failures = ? WHERE id = ? AND pin_failures = ?",
  );
  const advanceKsn = db.prepare(
    "UPDATE terminals SET ksn_counter = ? WHERE id = ? AND ksn_counter = ?",
  );
  const insertAppCode = db.prepare("INSERT INTO app_codes (key, expires_at_ms) VALUES (?, ?)");
  const expireAppCodes = db.prepare(
    `DELETE FROM app_codes WHERE key IN
      (SELECT key FROM app_codes WHERE expires_at_ms < ? LIMIT ${EXPIRED_REMOVED_PER_WRITE})`,
  );
  const useProof = db.prepare("UPDATE proofs SET used = 1 WHERE ref = ? AND used = 0");
  const insertProof = db.prepare(
    `INSERT INTO proofs (ref, terminal_id, card_id, channel, expires_at_ms) VALUES (?, ?, ?, ?, ?)`,
  );
  const expireProofs = db.prepare(
    `DELETE FROM proofs WHERE ref IN
      (SELECT ref FROM proofs WHERE expires_at_ms < ? LIMIT ${EXPIRED_REMOVED_PER_WRITE})`,
  );
  const post = db.prepare("UPDATE grants SET spent = spent + ? WHERE id = ? AND spent = ?");
  const insertEntry = db.prepare(
    `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
     SELECT account_id, id, ?, ?, ?, ? FROM grants WHERE id = ?`,
  );
  const markDecided = db.prepare(
    "UPDATE accounts SET last_decision_at_ms = ? WHERE id = ? AND last_decision_at_ms = ?",
  );
  const insertAttempt = db.prepare(
    `INSERT INTO attempts (terminal_id, id, kind, state, fingerprint, code, account_id, avantage,
       decided_at_ms, programme_hash, rules_version, input, answer)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertReversal = db.prepare(
    "INSERT INTO reversals (terminal_id, id, reason, at_ms, answer) VALUES (?, ?, ?, ?, ?)",
  );
  const markReversed = db.prepare(
    "UPDATE attempts SET state = 'reversed' WHERE terminal_id = ? AND id = ?",
  );

  function postEntry(effect: EffectOf<"post">, change: Change): void {
    const moved = post.run(effect.units, effect.grantId, effect.spentBefore);
    assert(moved.changes === 1, "the grant has moved since it was read");
    const { terminalId, attemptId, atMs } = change;
    insertEntry.run(terminalId, attemptId, effect.units, atMs, effect.grantId);
  }

  function applyEffect(effect: Effect, change: Change): void {
    const once = (changes: number, what: string) =>
      assert(changes === 1, `${what} has moved since it was read`);
    switch (effect.type) {
      case "advanceCardCounter":
        once(
          advanceCounter.run(effect.to, effect.cardId, effect.from).changes,
          "the card's counter",
        );
        return;
      case "setPinFailures":
        once(
          setPinFailures.run(effect.to, effect.cardId, effect.from).changes,
          "the count of PIN tries",
        );
        return;
      case "advanceKsn":
        once(advanceKsn.run(effect.to, effect.terminalId, effect.from).changes, "the KSN");
        return;
      case "consumeAppCode":
        expireAppCodes.run(change.clockMs - EXPIRED_KEPT_MS);
        insertAppCode.run(effect.key, effect.expiresAtMs);
        return;
      case "consumeProof":
        once(useProof.run(effect.ref).changes, "the proof");
        return;
      case "issueProof": {
        expireProofs.run(change.clockMs - EXPIRED_KEPT_MS);
        const { ref, terminalId, cardId, channel, expiresAtMs } = effect;
        insertProof.run(ref, terminalId, cardId, channel, expiresAtMs);
        return;
      }
      case "post":
        postEntry(effect, change);
        return;
      case "markDecided":
        once(markDecided.run(effect.to, effect.accountId, effect.from).changes, "the account");
        return;
    }
  }

  function storeAttempt(row: AttemptRow): void {
    insertAttempt.run(
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
      row.answer,
    );
  }

  function storeReversal(row: ReversalRow): void {
    insertReversal.run(row.terminalId, row.id, row.reason, row.atMs, row.answer);
    const marked = markReversed.run(row.terminalId, row.id);
    assert(marked.changes === 1, "a reversal has its attempt");
  }

  return {
    change(change: Change): void {
      for (const effect of change.effects) applyEffect(effect, change);
      if (change.attempt) storeAttempt(change.attempt);
      if (change.reversal) storeReversal(change.reversal);
    },
  };
}
