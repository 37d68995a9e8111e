// Writes what is loaded of young people: accounts, cards, grants, suspensions.

import { assert } from "../../core/assert.js";
import type { FiledAccount } from "../../core/loading/file.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { Grant } from "../../core/model.js";
import type { Sqlite } from "./database.js";
import { prepareCardTaken } from "./files.js";

type WriteOf<T extends LoadWrite["type"]> = Extract<LoadWrite, { type: T }>;

/** Prepares a grant's first writing. */
export function prepareGrantInsert(db: Sqlite, orElse: "" | "ON CONFLICT DO NOTHING") {
  const insert = db.prepare(
    `INSERT INTO grants (account_id, id, avantage, campaign, unit, amount, supplement_amount, supplement_flag,
       from_ms, to_ms, first_day, last_day, age_from_ms, age_to_ms, rule, revoked)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${orElse}`,
  );
  return (accountId: string, grant: Grant): void => {
    const { id, avantage, campaign, unit, amount, supplement, window, ageWindow } = grant;
    insert.run(
      accountId,
      id,
      avantage,
      campaign,
      unit,
      amount,
      supplement?.amount ?? null,
      supplement?.partnerFlag ?? null,
      window.fromMs,
      window.toMs,
      window.firstDay,
      window.lastDay,
      ageWindow?.fromMs ?? null,
      ageWindow?.toMs ?? null,
      grant.rule,
      grant.revoked ? 1 : 0,
    );
  };
}

/** Prepares the writes about young people. */
export function prepareHolderWrites(db: Sqlite) {
  return {
    ...prepareAccountAndCards(db),
    ...prepareGrants(db),
    ...prepareSuspensions(db),
  };
}

function prepareAccountAndCards(db: Sqlite) {
  const account = db.prepare(
    `INSERT INTO accounts (id, holder, etablissement, charter_accepted_on) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, etablissement = excluded.etablissement,
       charter_accepted_on = excluded.charter_accepted_on`,
  );
  const isTaken = prepareCardTaken(db);
  const card = db.prepare(
    `INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted, identifier_index)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, generation = excluded.generation`,
  );
  const status = db.prepare("UPDATE cards SET status = ? WHERE id = ? AND status = ?");
  return {
    putAccount({ id, holder, etablissement, charterAcceptedOn }: FiledAccount): void {
      account.run(id, holder, etablissement, charterAcceptedOn);
    },
    putCard({ accountId, card: put, status: now }: WriteOf<"putCard">): void {
      assert(!isTaken(accountId, put), "a card keeps its number, chip and account");
      const { id, generation, lastFour, numberIndex, numberEncrypted, identifierIndex } = put;
      const what = [generation, lastFour, numberIndex, numberEncrypted, identifierIndex];
      card.run(id, accountId, now, ...what);
    },
    setCardStatus({ cardId, from, to }: WriteOf<"setCardStatus">): void {
      const { changes } = status.run(to, cardId, from);
      assert(changes === 1, "the card's status has moved since it was read");
    },
  };
}

function prepareGrants(db: Sqlite) {
  const raise = db.prepare(
    `UPDATE grants SET amount = ?, supplement_amount = ?, supplement_flag = ?, from_ms = ?, to_ms = ?,
       first_day = ?, last_day = ?, rule = ?
     WHERE account_id = ? AND id = ? AND amount = ?`,
  );
  const setRevoked = db.prepare("UPDATE grants SET revoked = ? WHERE account_id = ? AND id = ?");
  const setAge = db.prepare(
    "UPDATE grants SET age_from_ms = ?, age_to_ms = ? WHERE account_id = ? AND id = ?",
  );
  return {
    putGrant: prepareGrantInsert(db, ""),
    raiseGrant(write: WriteOf<"raiseGrant">): void {
      const { accountId, grantId, amountBefore, amount, supplement, window, rule } = write;
      const { fromMs, toMs, firstDay, lastDay } = window;
      const extra = [supplement?.amount ?? null, supplement?.partnerFlag ?? null];
      const now = [amount, ...extra, fromMs, toMs, firstDay, lastDay, rule];
      const { changes } = raise.run(...now, accountId, grantId, amountBefore);
      assert(changes === 1, "the grant's amount has moved since it was read");
    },
    setGrantRevoked({ accountId, grantId, revoked }: WriteOf<"setGrantRevoked">): void {
      const { changes } = setRevoked.run(revoked ? 1 : 0, accountId, grantId);
      assert(changes === 1, "a grant that was read is there");
    },
    setGrantAge({ accountId, grantId, ageWindow }: WriteOf<"setGrantAge">): void {
      const ages = [ageWindow?.fromMs ?? null, ageWindow?.toMs ?? null];
      const { changes } = setAge.run(...ages, accountId, grantId);
      assert(changes === 1, "a grant that was read is there");
    },
  };
}

function prepareSuspensions(db: Sqlite) {
  const put = db.prepare(
    `INSERT OR REPLACE INTO suspensions (account_id, id, campaign, avantages, decision_ref, decided_at_ms, lifted_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const lift = db.prepare(
    `UPDATE suspensions SET lifted_at_ms = ?, lifted_ref = ?
     WHERE account_id = ? AND id = ? AND lifted_at_ms IS NULL`,
  );
  return {
    putSuspension({ accountId, suspension }: WriteOf<"putSuspension">): void {
      const { id, campaign, avantages, decisionRef, decidedAtMs, liftedAtMs } = suspension;
      const scope = JSON.stringify(avantages);
      put.run(accountId, id, campaign, scope, decisionRef, decidedAtMs, liftedAtMs);
    },
    liftSuspension({
      accountId,
      suspensionId,
      decisionRef,
      atMs,
    }: WriteOf<"liftSuspension">): void {
      const { changes } = lift.run(atMs, decisionRef, accountId, suspensionId);
      assert(changes === 1, "the suspension was lifted since it was read");
    },
  };
}
