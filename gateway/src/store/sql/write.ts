// Writes what a decision changed, each statement naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { Awaitable, Change } from "../driver.js";
import { prepareAttempts } from "./attempts.js";
import type { Sql } from "./sql.js";
import { once } from "./stale.js";
import { together } from "./together.js";

/** How many expired one-time references one write removes, so that their tables stay small without a sweep. */
const EXPIRED_REMOVED_PER_WRITE = 4;

/** Expired references are kept so long: a clock that steps back by less must not make a used code good again. */
const EXPIRED_KEPT_MS = 24 * 3_600_000;

type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

const STATE_AFTER = { captured: "approved", reversed: "reversed", expired: "expired" } as const;

async function neverTooMuch(entered: Awaitable<number>): Promise<void> {
  assert((await entered) === 1, "a sale never gives back more than it took");
}

/** Prepares the moves of grants. */
function prepareGrantWrites(sql: Sql) {
  const take = sql.prepare(
    `UPDATE grants SET spent = ? WHERE account_id = ? AND id = ? AND spent = ?
       AND CAST(? AS BIGINT) + (SELECT coalesce(sum(h.units), 0) FROM holds h
         WHERE h.account_id = grants.account_id AND h.grant_id = grants.id AND h.expires_at_ms > ?)
         <= amount + coalesce(supplement_amount, 0)`,
  );
  const giveBack = sql.prepare(
    "UPDATE grants SET spent = ? WHERE account_id = ? AND id = ? AND spent = ?",
  );
  const insertEntry = sql.prepare(
    `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const insertReturn = sql.prepare(
    `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
     SELECT CAST(@accountId AS TEXT), CAST(@grantId AS TEXT), CAST(@terminalId AS TEXT),
       CAST(@attemptId AS TEXT), CAST(@units AS BIGINT), CAST(@atMs AS BIGINT)
     WHERE CAST(@units AS BIGINT) + (SELECT coalesce(sum(units), 0) FROM entries
       WHERE terminal_id = @terminalId AND attempt_id = @attemptId) >= 0`,
  );
  return {
    async post(effect: EffectOf<"post">, change: Change): Promise<void> {
      const { accountId, terminalId, attemptId, atMs } = change;
      const { grantId, units, spentBefore } = effect;
      assert(accountId !== null, "whoever is debited has an account");
      const spent = spentBefore + units;
      const entry = { accountId, grantId, terminalId, attemptId, units, atMs };
      if (units < 0) {
        const given = giveBack.run(spent, accountId, grantId, spentBefore);
        const entered = insertReturn.run(entry);
        await together([once(given, "the grant"), neverTooMuch(entered)]);
      } else {
        const taken = take.run(spent, accountId, grantId, spentBefore, spent, atMs);
        const entered = insertEntry.run(accountId, grantId, terminalId, attemptId, units, atMs);
        await together([once(taken, "the grant"), entered]);
      }
    },
  };
}

/** Prepares what begins and ends holds and visits. */
function prepareHoldWrites(sql: Sql) {
  const insertHold = sql.prepare(
    `INSERT INTO holds (terminal_id, attempt_id, account_id, grant_id, units, expires_at_ms)
     SELECT CAST(@terminalId AS TEXT), CAST(@attemptId AS TEXT), CAST(@accountId AS TEXT),
       CAST(@grantId AS TEXT), CAST(@units AS BIGINT), CAST(@expiresAtMs AS BIGINT)
     WHERE (SELECT amount + coalesce(supplement_amount, 0) - spent FROM grants
             WHERE account_id = @accountId AND id = @grantId)
       >= CAST(@units AS BIGINT) + (SELECT coalesce(sum(units), 0) FROM holds
             WHERE account_id = @accountId AND grant_id = @grantId AND expires_at_ms > @atMs)`,
  );
  const dropHold = sql.prepare(
    "DELETE FROM holds WHERE terminal_id = ? AND attempt_id = ? AND grant_id = ? AND units = ?",
  );
  const leaveHeld = sql.prepare(
    "UPDATE attempts SET state = ? WHERE terminal_id = ? AND id = ? AND state = 'held'",
  );
  const putVisit = sql.prepare(
    `INSERT INTO visits (account_id, point_of_sale_id, avantage, terminal_id, attempt_id, at_ms)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, point_of_sale_id, avantage) DO UPDATE SET
       terminal_id = excluded.terminal_id, attempt_id = excluded.attempt_id, at_ms = excluded.at_ms`,
  );
  const dropVisit = sql.prepare(
    "DELETE FROM visits WHERE account_id = ? AND terminal_id = ? AND attempt_id = ?",
  );
  return {
    async placeHold(effect: EffectOf<"placeHold">, change: Change): Promise<void> {
      const { accountId, terminalId, attemptId, atMs } = change;
      assert(accountId !== null, "whoever has something held has an account");
      const { type: _, ...hold } = effect;
      const placed = await insertHold.run({ ...hold, accountId, terminalId, attemptId, atMs });
      assert(placed === 1, "a grant is never held beyond its amount");
    },
    async endHold(effect: EffectOf<"endHold">): Promise<void> {
      const { terminalId, attemptId, grantId, units } = effect;
      const dropped = dropHold.run(terminalId, attemptId, grantId, units);
      const left = leaveHeld.run(STATE_AFTER[effect.as], terminalId, attemptId);
      await together([once(dropped, "the hold"), once(left, "the held sale")]);
    },
    async recordVisit(effect: EffectOf<"recordVisit">, change: Change): Promise<void> {
      const { accountId, pointOfSaleId, avantage } = effect;
      const { terminalId, attemptId, atMs } = change;
      await putVisit.run(accountId, pointOfSaleId, avantage, terminalId, attemptId, atMs);
    },
    async forgetVisit({ accountId }: EffectOf<"forgetVisit">, change: Change): Promise<void> {
      await dropVisit.run(accountId, change.terminalId, change.attemptId);
    },
  };
}

/** Prepares what counts: a card's messages, PIN tries and taps, a terminal's PIN blocks, an account's time. */
function prepareCounterWrites(sql: Sql) {
  const advanceCounter = sql.prepare(
    "UPDATE cards SET message_counter = ? WHERE id = ? AND message_counter = ?",
  );
  const setPinFailures = sql.prepare(
    "UPDATE cards SET pin_failures = ? WHERE id = ? AND pin_failures = ?",
  );
  const noteTap = sql.prepare(
    `UPDATE cards SET tapped_day = ?, tapped_cents = ?
     WHERE id = ? AND tapped_day IS NOT DISTINCT FROM ? AND tapped_cents IS NOT DISTINCT FROM ?`,
  );
  const advanceKsn = sql.prepare(
    "UPDATE terminals SET ksn_counter = ? WHERE id = ? AND ksn_counter = ?",
  );
  const markDecided = sql.prepare(
    "UPDATE accounts SET last_decision_at_ms = ? WHERE id = ? AND last_decision_at_ms = ?",
  );
  return {
    advanceCardCounter: ({ to, cardId, from }: EffectOf<"advanceCardCounter">) =>
      once(advanceCounter.run(to, cardId, from), "the card's counter"),
    setPinFailures: ({ to, cardId, from }: EffectOf<"setPinFailures">) =>
      once(setPinFailures.run(to, cardId, from), "the count of PIN tries"),
    noteTap({ to, cardId, from }: EffectOf<"noteTap">): Promise<void> {
      const before = [from?.day ?? null, from?.cents ?? null];
      return once(noteTap.run(to.day, to.cents, cardId, ...before), "the total of the day's taps");
    },
    advanceKsn: ({ to, terminalId, from }: EffectOf<"advanceKsn">) =>
      once(advanceKsn.run(to, terminalId, from), "the KSN"),
    markDecided: ({ to, accountId, from }: EffectOf<"markDecided">) =>
      once(markDecided.run(to, accountId, from), "the account"),
  };
}

/** How an engine says what others do not. */
interface WriteWords {
  /** Put after a SELECT: leaves out rows that another transaction has locked. Nothing, where there is no other. */
  readonly leavingLocked: string;
}

/** Prepares what is good once: codes of an app, and proofs. */
function prepareOneTimeWrites(sql: Sql, { leavingLocked }: WriteWords) {
  const insertAppCode = sql.prepare("INSERT INTO app_codes (key, expires_at_ms) VALUES (?, ?)");
  const expireAppCodes = sql.prepare(
    `DELETE FROM app_codes WHERE key IN
      (SELECT key FROM app_codes WHERE expires_at_ms < ? LIMIT ${EXPIRED_REMOVED_PER_WRITE} ${leavingLocked})`,
  );
  const useProof = sql.prepare("UPDATE proofs SET used = 1 WHERE ref = ? AND used = 0");
  const insertProof = sql.prepare(
    `INSERT INTO proofs (ref, terminal_id, card_id, channel, expires_at_ms) VALUES (?, ?, ?, ?, ?)`,
  );
  const expireProofs = sql.prepare(
    `DELETE FROM proofs WHERE ref IN
      (SELECT ref FROM proofs WHERE expires_at_ms < ? LIMIT ${EXPIRED_REMOVED_PER_WRITE} ${leavingLocked})`,
  );
  return {
    async consumeAppCode(effect: EffectOf<"consumeAppCode">, { clockMs }: Change): Promise<void> {
      const expired = expireAppCodes.run(clockMs - EXPIRED_KEPT_MS);
      await together([expired, insertAppCode.run(effect.key, effect.expiresAtMs)]);
    },
    consumeProof: ({ ref }: EffectOf<"consumeProof">) => once(useProof.run(ref), "the proof"),
    async issueProof(effect: EffectOf<"issueProof">, { clockMs }: Change): Promise<void> {
      const { ref, terminalId, cardId, channel, expiresAtMs } = effect;
      const expired = expireProofs.run(clockMs - EXPIRED_KEPT_MS);
      const inserted = insertProof.run(ref, terminalId, cardId, channel, expiresAtMs);
      await together([expired, inserted]);
    },
  };
}

/** Prepares the writes of a database. */
export function prepareWrites(sql: Sql, words: WriteWords = { leavingLocked: "" }) {
  const writes = {
    ...prepareGrantWrites(sql),
    ...prepareHoldWrites(sql),
    ...prepareCounterWrites(sql),
    ...prepareOneTimeWrites(sql, words),
  };
  const attempts = prepareAttempts(sql);

  /** Sends all of an effect at once. Whatever it throws is its promise's: the others are waited for all the same. */
  async function applyEffect(effect: Effect, change: Change): Promise<void> {
    switch (effect.type) {
      case "advanceCardCounter":
        return writes.advanceCardCounter(effect);
      case "setPinFailures":
        return writes.setPinFailures(effect);
      case "noteTap":
        return writes.noteTap(effect);
      case "advanceKsn":
        return writes.advanceKsn(effect);
      case "consumeAppCode":
        return writes.consumeAppCode(effect, change);
      case "consumeProof":
        return writes.consumeProof(effect);
      case "issueProof":
        return writes.issueProof(effect, change);
      case "post":
        return writes.post(effect, change);
      case "placeHold":
        return writes.placeHold(effect, change);
      case "endHold":
        return writes.endHold(effect);
      case "recordVisit":
        return writes.recordVisit(effect, change);
      case "forgetVisit":
        return writes.forgetVisit(effect, change);
      case "markDecided":
        return writes.markDecided(effect);
    }
  }

  return {
    async change(change: Change): Promise<void> {
      // All of it is sent, in its order, before any of it is waited for: a database may be some way away.
      const sent = change.effects.map((effect) => applyEffect(effect, change));
      if (change.attempt) sent.push(attempts.store(change.attempt));
      if (change.operation) sent.push(attempts.storeOperation(change.operation));
      if (change.reversal) sent.push(attempts.storeReversal(change.reversal));
      await together(sent);
    },
  };
}
