// Writes what is loaded of young people: accounts, cards, grants, suspensions.

import { assert } from "../../core/assert.js";
import type { FiledAccount } from "../../core/loading/file.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { Grant } from "../../core/model.js";
import { prepareCardTaken } from "./files.js";
import type { Sql } from "./sql.js";
import { once } from "./stale.js";

type WriteOf<T extends LoadWrite["type"]> = Extract<LoadWrite, { type: T }>;

/** Prepares a grant's first writing. */
export function prepareGrantInsert(sql: Sql, orElse: "" | "ON CONFLICT DO NOTHING") {
  const insert = sql.prepare(
    `INSERT INTO grants (account_id, id, avantage, campaign, unit, amount, supplement_amount, supplement_flag,
       from_ms, to_ms, first_day, last_day, age_from_ms, age_to_ms, rule, revoked)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${orElse}`,
  );
  return async (accountId: string, grant: Grant): Promise<void> => {
    const { id, avantage, campaign, unit, amount, supplement, window, ageWindow } = grant;
    await insert.run(
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
export function prepareHolderWrites(sql: Sql) {
  return {
    ...prepareAccountAndCards(sql),
    ...prepareGrants(sql),
    ...prepareSuspensions(sql),
  };
}

function prepareAccountAndCards(sql: Sql) {
  const account = sql.prepare(
    `INSERT INTO accounts (id, holder, etablissement, charter_accepted_on) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, etablissement = excluded.etablissement,
       charter_accepted_on = excluded.charter_accepted_on`,
  );
  const isTaken = prepareCardTaken(sql);
  const card = sql.prepare(
    `INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted, identifier_index)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, generation = excluded.generation`,
  );
  const status = sql.prepare("UPDATE cards SET status = ? WHERE id = ? AND status = ?");
  return {
    async putAccount(put: FiledAccount): Promise<void> {
      const { id, holder, etablissement, charterAcceptedOn } = put;
      await account.run(id, holder, etablissement, charterAcceptedOn);
    },
    async putCard({ accountId, card: put, status: now }: WriteOf<"putCard">): Promise<void> {
      assert(!(await isTaken(accountId, put)), "a card keeps its number, chip and account");
      const { id, generation, lastFour, numberIndex, numberEncrypted, identifierIndex } = put;
      const what = [generation, lastFour, numberIndex, numberEncrypted, identifierIndex];
      await card.run(id, accountId, now, ...what);
    },
    async setCardStatus({ cardId, from, to }: WriteOf<"setCardStatus">): Promise<void> {
      await once(status.run(to, cardId, from), "the card's status");
    },
  };
}

function prepareGrants(sql: Sql) {
  const raise = sql.prepare(
    `UPDATE grants SET amount = ?, supplement_amount = ?, supplement_flag = ?, from_ms = ?, to_ms = ?,
       first_day = ?, last_day = ?, rule = ?
     WHERE account_id = ? AND id = ? AND amount = ?`,
  );
  const setRevoked = sql.prepare("UPDATE grants SET revoked = ? WHERE account_id = ? AND id = ?");
  const setAge = sql.prepare(
    "UPDATE grants SET age_from_ms = ?, age_to_ms = ? WHERE account_id = ? AND id = ?",
  );
  return {
    putGrant: prepareGrantInsert(sql, ""),
    async raiseGrant(write: WriteOf<"raiseGrant">): Promise<void> {
      const { accountId, grantId, amountBefore, amount, supplement, window, rule } = write;
      const { fromMs, toMs, firstDay, lastDay } = window;
      const extra = [supplement?.amount ?? null, supplement?.partnerFlag ?? null];
      const now = [amount, ...extra, fromMs, toMs, firstDay, lastDay, rule];
      await once(raise.run(...now, accountId, grantId, amountBefore), "the grant's amount");
    },
    async setGrantRevoked(write: WriteOf<"setGrantRevoked">): Promise<void> {
      const { accountId, grantId, revoked } = write;
      const changed = await setRevoked.run(revoked ? 1 : 0, accountId, grantId);
      assert(changed === 1, "a grant that was read is there");
    },
    async setGrantAge(write: WriteOf<"setGrantAge">): Promise<void> {
      const { accountId, grantId, ageWindow } = write;
      const ages = [ageWindow?.fromMs ?? null, ageWindow?.toMs ?? null];
      const changed = await setAge.run(...ages, accountId, grantId);
      assert(changed === 1, "a grant that was read is there");
    },
  };
}

function prepareSuspensions(sql: Sql) {
  const put = sql.prepare(
    `INSERT INTO suspensions (account_id, id, campaign, avantages, decision_ref, decided_at_ms, lifted_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, id) DO UPDATE SET campaign = excluded.campaign, avantages = excluded.avantages,
       decision_ref = excluded.decision_ref, decided_at_ms = excluded.decided_at_ms,
       lifted_at_ms = excluded.lifted_at_ms, lifted_ref = NULL`,
  );
  const lift = sql.prepare(
    `UPDATE suspensions SET lifted_at_ms = ?, lifted_ref = ?
     WHERE account_id = ? AND id = ? AND lifted_at_ms IS NULL`,
  );
  return {
    async putSuspension({ accountId, suspension }: WriteOf<"putSuspension">): Promise<void> {
      const { id, campaign, avantages, decisionRef, decidedAtMs, liftedAtMs } = suspension;
      const scope = JSON.stringify(avantages);
      await put.run(accountId, id, campaign, scope, decisionRef, decidedAtMs, liftedAtMs);
    },
    async liftSuspension(write: WriteOf<"liftSuspension">): Promise<void> {
      const { accountId, suspensionId, decisionRef, atMs } = write;
      await once(lift.run(atMs, decisionRef, accountId, suspensionId), "the suspension");
    },
  };
}
