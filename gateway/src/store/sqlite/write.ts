// Writes what a decision changed, each statement naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { Change } from "../driver.js";
import { prepareAttempts } from "./attempts.js";
import type { Sqlite } from "./database.js";

/** How many expired one-time references one write removes, so that their tables stay small without a sweep. */
const EXPIRED_REMOVED_PER_WRITE = 4;

/** Expired references are kept so long: a clock that steps back by less must not make a used code good again. */
const EXPIRED_KEPT_MS = 24 * 3_600_000;

type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** Of one effect: exactly one row was as expected. */
function once(changes: number, what: string): void {
  assert(changes === 1, `${what} has moved since it was read`);
}

const STATE_AFTER = { captured: "approved", reversed: "reversed", expired: "expired" } as const;

/** Prepares the moves of grants, and of the holds and visits beside them. */
function prepareAccountWrites(db: Sqlite) {
  const post = db.prepare(
    `UPDATE grants SET spent = spent + @units
     WHERE account_id = @accountId AND id = @grantId AND spent = @spentBefore
       AND (@units < 0 OR spent + @units + (SELECT coalesce(sum(h.units), 0) FROM holds h
         WHERE h.account_id = @accountId AND h.grant_id = @grantId AND h.expires_at_ms > @atMs)
         <= amount + coalesce(supplement_amount, 0))`,
  );
  const moved = db
    .prepare<[string, string], number>(
      "SELECT coalesce(sum(units), 0) FROM entries WHERE terminal_id = ? AND attempt_id = ?",
    )
    .pluck();
  const insertEntry = db.prepare(
    `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const insertHold = db.prepare(
    `INSERT INTO holds (terminal_id, attempt_id, account_id, grant_id, units, expires_at_ms)
     SELECT @terminalId, @attemptId, @accountId, @grantId, @units, @expiresAtMs
     WHERE (SELECT amount + coalesce(supplement_amount, 0) - spent FROM grants
             WHERE account_id = @accountId AND id = @grantId)
       >= @units + (SELECT coalesce(sum(units), 0) FROM holds
             WHERE account_id = @accountId AND grant_id = @grantId AND expires_at_ms > @atMs)`,
  );
  const dropHold = db.prepare(
    "DELETE FROM holds WHERE terminal_id = ? AND attempt_id = ? AND grant_id = ? AND units = ?",
  );
  const leaveHeld = db.prepare(
    "UPDATE attempts SET state = ? WHERE terminal_id = ? AND id = ? AND state = 'held'",
  );
  const putVisit = db.prepare(
    `INSERT OR REPLACE INTO visits (account_id, point_of_sale_id, avantage, terminal_id, attempt_id, at_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const dropVisit = db.prepare(
    "DELETE FROM visits WHERE account_id = ? AND terminal_id = ? AND attempt_id = ?",
  );
  return {
    post(effect: EffectOf<"post">, change: Change): void {
      const { accountId, terminalId, attemptId, atMs } = change;
      const { grantId, units, spentBefore } = effect;
      assert(accountId !== null, "whoever is debited has an account");
      const posted = post.run({ units, accountId, grantId, spentBefore, atMs });
      once(posted.changes, "the grant");
      const left = units < 0 ? (moved.get(terminalId, attemptId) ?? 0) + units : 0;
      assert(left >= 0, "a sale never gives back more than it took");
      insertEntry.run(accountId, grantId, terminalId, attemptId, units, atMs);
    },
    placeHold(effect: EffectOf<"placeHold">, change: Change): void {
      const { accountId, terminalId, attemptId, atMs } = change;
      assert(accountId !== null, "whoever has something held has an account");
      const { type: _, ...hold } = effect;
      const placed = insertHold.run({ ...hold, accountId, terminalId, attemptId, atMs });
      assert(placed.changes === 1, "a grant is never held beyond its amount");
    },
    endHold(effect: EffectOf<"endHold">): void {
      const { terminalId, attemptId, grantId, units } = effect;
      once(dropHold.run(terminalId, attemptId, grantId, units).changes, "the hold");
      const left = leaveHeld.run(STATE_AFTER[effect.as], terminalId, attemptId);
      once(left.changes, "the held sale");
    },
    recordVisit(effect: EffectOf<"recordVisit">, change: Change): void {
      const { accountId, pointOfSaleId, avantage } = effect;
      const { terminalId, attemptId, atMs } = change;
      putVisit.run(accountId, pointOfSaleId, avantage, terminalId, attemptId, atMs);
    },
    forgetVisit({ accountId }: EffectOf<"forgetVisit">, change: Change): void {
      dropVisit.run(accountId, change.terminalId, change.attemptId);
    },
  };
}

/** Prepares the writes of a database. */
export function prepareWrites(db: Sqlite) {
  const account = prepareAccountWrites(db);
  const attempts = prepareAttempts(db);
  const advanceCounter = db.prepare(
    "UPDATE cards SET message_counter = ? WHERE id = ? AND message_counter = ?",
  );
  const setPinFailures = db.prepare(
    "UPDATE cards SET pin_failures = ? WHERE id = ? AND pin_failures = ?",
  );
  const noteTap = db.prepare(
    `UPDATE cards SET tapped_day = ?, tapped_cents = ?
     WHERE id = ? AND tapped_day IS ? AND tapped_cents IS ?`,
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
  const markDecided = db.prepare(
    "UPDATE accounts SET last_decision_at_ms = ? WHERE id = ? AND last_decision_at_ms = ?",
  );

  function applyEffect(effect: Effect, change: Change): void {
    switch (effect.type) {
      case "advanceCardCounter": {
        const { to, cardId, from } = effect;
        once(advanceCounter.run(to, cardId, from).changes, "the card's counter");
        return;
      }
      case "setPinFailures": {
        const { to, cardId, from } = effect;
        once(setPinFailures.run(to, cardId, from).changes, "the count of PIN tries");
        return;
      }
      case "noteTap": {
        const { to, cardId, from } = effect;
        const before = [from?.day ?? null, from?.cents ?? null];
        const noted = noteTap.run(to.day, to.cents, cardId, ...before);
        once(noted.changes, "the total of the day's taps");
        return;
      }
      case "advanceKsn": {
        const { to, terminalId, from } = effect;
        once(advanceKsn.run(to, terminalId, from).changes, "the KSN");
        return;
      }
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
        account.post(effect, change);
        return;
      case "placeHold":
        account.placeHold(effect, change);
        return;
      case "endHold":
        account.endHold(effect);
        return;
      case "recordVisit":
        account.recordVisit(effect, change);
        return;
      case "forgetVisit":
        account.forgetVisit(effect, change);
        return;
      case "markDecided": {
        const { to, accountId, from } = effect;
        once(markDecided.run(to, accountId, from).changes, "the account");
        return;
      }
    }
  }

  return {
    change(change: Change): void {
      for (const effect of change.effects) applyEffect(effect, change);
      if (change.attempt) attempts.store(change.attempt);
      if (change.operation) attempts.storeOperation(change.operation);
      if (change.reversal) attempts.storeReversal(change.reversal);
    },
  };
}
