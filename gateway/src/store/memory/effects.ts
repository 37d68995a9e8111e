// Applies what an attempt changed to the tables, each change naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import { heldUnits } from "../../core/holds.js";
import type { Change, OperationRow } from "../driver.js";
import { holdsOf, keyOf, type StoredCard, type Tables, withItem } from "./tables.js";

type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** Applies a change. @throws BugError when an effect does not find what it expects; what was done is to be undone. */
export function applyChange(tables: Tables, change: Change): void {
  const at = keyOf(change.terminalId, change.attemptId);
  for (const effect of change.effects) applyEffect(tables, effect, change);
  if (change.attempt) {
    assert(!tables.attempts.has(at), "an attempt is stored once");
    tables.attempts.put(at, change.attempt);
  }
  if (change.operation) {
    const { kind, askedBy, id } = change.operation;
    const isSame = (row: OperationRow) =>
      kind === "capture"
        ? keyOf(row.terminalId, row.attemptId) === at
        : row.askedBy === askedBy && row.id === id;
    const again = tables.operations.rows().some((row) => row.kind === kind && isSame(row));
    assert(tables.attempts.has(at) && !again, "an operation is made once, on a sale that is there");
    tables.operations.add(change.operation);
  }
  if (change.reversal) {
    const attempt = tables.attempts.get(at);
    assert(attempt && !tables.reversals.has(at), "an attempt is reversed once");
    tables.reversals.put(at, change.reversal);
    tables.attempts.put(at, { ...attempt, state: "reversed" });
  }
}

function applyEffect(tables: Tables, effect: Effect, change: Change): void {
  switch (effect.type) {
    case "advanceCardCounter":
      changeCard(tables, effect.cardId, (card) => {
        assert(
          card.messageCounter === effect.from,
          "the card's counter has moved since it was read",
        );
        return { ...card, messageCounter: effect.to };
      });
      return;
    case "setPinFailures":
      changeCard(tables, effect.cardId, (card) => {
        assert(card.pinFailures === effect.from, "the PIN tries have moved since they were read");
        return { ...card, pinFailures: effect.to };
      });
      return;
    case "noteTap":
      changeCard(tables, effect.cardId, (card) => {
        const { tapped } = card;
        const asRead = tapped?.day === effect.from?.day && tapped?.cents === effect.from?.cents;
        assert(asRead, "the taps of the day have moved since they were read");
        return { ...card, tapped: effect.to };
      });
      return;
    case "advanceKsn": {
      const terminal = tables.terminals.get(effect.terminalId);
      assert(terminal?.ksnCounter === effect.from, "the KSN has moved since it was read");
      tables.terminals.put(terminal.id, { ...terminal, ksnCounter: effect.to });
      return;
    }
    case "consumeAppCode":
      assert(!tables.appCodes.has(effect.key), "an app code is consumed once");
      tables.appCodes.put(effect.key, effect.expiresAtMs);
      return;
    case "consumeProof": {
      const proof = tables.proofs.get(effect.ref);
      assert(proof && !proof.used, "a proof is consumed once");
      tables.proofs.put(effect.ref, { ...proof, used: true });
      return;
    }
    case "issueProof": {
      const { type: _, ...proof } = effect;
      tables.proofs.put(effect.ref, { ...proof, used: false });
      return;
    }
    case "post":
      post(tables, effect, change);
      return;
    case "placeHold":
      placeHold(tables, effect, change);
      return;
    case "endHold":
      endHold(tables, effect);
      return;
    case "recordVisit":
      recordVisit(tables, effect, change);
      return;
    case "forgetVisit":
      forgetVisit(tables, effect, change);
      return;
    case "markDecided": {
      const account = tables.accounts.get(effect.accountId);
      assert(account?.lastDecisionAtMs === effect.from, "the account has moved since it was read");
      tables.accounts.put(account.id, { ...account, lastDecisionAtMs: effect.to });
      return;
    }
  }
}

function changeCard(tables: Tables, id: string, change: (card: StoredCard) => StoredCard): void {
  const card = tables.cards.get(id);
  assert(card, "a card that was read is there");
  tables.cards.put(id, change(card));
}

function post(tables: Tables, effect: EffectOf<"post">, change: Change): void {
  const { accountId, terminalId, attemptId, atMs } = change;
  const { grantId, units } = effect;
  assert(accountId !== null, "whoever is debited has an account");
  const grants = tables.grants.get(accountId) ?? [];
  const grant = grants.find(({ id }) => id === grantId);
  assert(grant?.spent === effect.spentBefore, "the grant has moved since it was read");
  const spent = grant.spent + units;
  const held = grant.amount + (grant.supplement?.amount ?? 0);
  const kept = heldUnits(holdsOf(tables, accountId), grantId, atMs);
  assert(spent >= 0 && spent + kept <= held, "a grant is never overspent nor overpaid");
  const moved = tables.entries
    .rows()
    .filter((entry) => entry.terminalId === terminalId && entry.attemptId === attemptId)
    .reduce((sum, entry) => sum + entry.units, units);
  assert(moved >= 0, "a sale never gives back more than it took");
  tables.grants.put(accountId, withItem(grants, { ...grant, spent }));
  tables.entries.add({ accountId, grantId, terminalId, attemptId, units, atMs });
}

function placeHold(tables: Tables, effect: EffectOf<"placeHold">, change: Change): void {
  const { accountId, terminalId, attemptId, atMs } = change;
  const { grantId, units, expiresAtMs } = effect;
  assert(accountId !== null, "whoever has something held has an account");
  const grant = tables.grants.get(accountId)?.find(({ id }) => id === grantId);
  assert(grant, "what is held is of a grant");
  const held = heldUnits(holdsOf(tables, accountId), grantId, atMs);
  const ceiling = grant.amount + (grant.supplement?.amount ?? 0);
  assert(grant.spent + held + units <= ceiling, "a grant is never held beyond its amount");
  const at = keyOf(terminalId, attemptId);
  assert(!tables.holds.has(at), "a sale has one hold");
  tables.holds.put(at, { accountId, terminalId, attemptId, grantId, units, expiresAtMs });
}

const STATE_AFTER = { captured: "approved", reversed: "reversed", expired: "expired" } as const;

function endHold(tables: Tables, effect: EffectOf<"endHold">): void {
  const at = keyOf(effect.terminalId, effect.attemptId);
  const hold = tables.holds.get(at);
  const attempt = tables.attempts.get(at);
  const isAsRead = hold?.grantId === effect.grantId && hold.units === effect.units;
  assert(isAsRead && attempt?.state === "held", "the hold has moved since it was read");
  tables.holds.drop(at);
  tables.attempts.put(at, { ...attempt, state: STATE_AFTER[effect.as] });
}

function recordVisit(tables: Tables, effect: EffectOf<"recordVisit">, change: Change): void {
  const { accountId, pointOfSaleId, avantage } = effect;
  const { terminalId, attemptId, atMs } = change;
  const others = (tables.visits.get(accountId) ?? []).filter(
    (visit) => visit.pointOfSaleId !== pointOfSaleId || visit.avantage !== avantage,
  );
  const visits = [...others, { pointOfSaleId, avantage, terminalId, attemptId, atMs }];
  tables.visits.put(
    accountId,
    visits.sort((one, other) => (one.avantage < other.avantage ? -1 : 1)),
  );
}

function forgetVisit(tables: Tables, { accountId }: EffectOf<"forgetVisit">, change: Change): void {
  const left = (tables.visits.get(accountId) ?? []).filter(
    (visit) => visit.terminalId !== change.terminalId || visit.attemptId !== change.attemptId,
  );
  tables.visits.put(accountId, left);
}
