// Writes an event into the audit trail with what it changes, each statement naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { EventRow } from "../driver.js";
import { type EventSqlRow, eventOf } from "./ledger-rows.js";
import type { Sql } from "./sql.js";
import { prepareHolderWrites } from "./write-holder.js";
import { preparePartnerWrites } from "./write-partner.js";

/** Prepares what finds and applies events. */
export function prepareEvents(sql: Sql) {
  const find = sql.prepare<EventSqlRow>(
    "SELECT * FROM events WHERE id = ? AND outcome <> 'refused'",
  );
  const insert = sql.prepare(
    `INSERT INTO events (id, agent_id, role, type, subject, at_ms, fingerprint, outcome, refusal, notes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const holder = prepareHolderWrites(sql);
  const partner = preparePartnerWrites(sql);

  function applyWrite(write: LoadWrite): Promise<void> {
    switch (write.type) {
      case "putAccount":
        return holder.putAccount(write.account);
      case "putCard":
        return holder.putCard(write);
      case "setCardStatus":
        return holder.setCardStatus(write);
      case "putGrant":
        assert(write.grant.spent === 0, "a grant begins unspent");
        return holder.putGrant(write.accountId, write.grant);
      case "raiseGrant":
        return holder.raiseGrant(write);
      case "setGrantRevoked":
        return holder.setGrantRevoked(write);
      case "setGrantAge":
        return holder.setGrantAge(write);
      case "putSuspension":
        return holder.putSuspension(write);
      case "liftSuspension":
        return holder.liftSuspension(write);
      case "putPartner":
        return partner.putPartner(write.partner);
      case "putPointOfSale":
        return partner.putPointOfSale({ ...write, id: write.pointOfSaleId });
      case "putConvention":
        return partner.putConvention(write.partnerId, write.convention);
      case "putAgrement":
        return partner.putAgrement(write);
      case "dropAgrement":
        return partner.dropAgrement(write);
      case "putBankAccount":
        return partner.putBankAccount(write);
      case "putDeclaration":
        return partner.putDeclaration(write);
      case "putJustificatif":
        return partner.putJustificatif(write);
      case "putReport":
        return partner.putReport(write);
    }
  }

  return {
    async find(id: string): Promise<EventRow | null> {
      const row = await find.get(id);
      return row ? eventOf(row) : null;
    },

    async apply(event: EventRow, writes: readonly LoadWrite[]): Promise<void> {
      for (const write of writes) await applyWrite(write);
      await insert.run(
        event.id,
        event.agentId,
        event.role,
        event.type,
        event.subject,
        event.atMs,
        event.fingerprint,
        event.outcome,
        event.refusal,
        JSON.stringify(event.notes),
      );
    },
  };
}
