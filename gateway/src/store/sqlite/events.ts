// Writes an event into the audit trail with what it changes, each statement naming what it expects to find.

import { assert } from "../../core/assert.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { EventRow } from "../driver.js";
import type { Sqlite } from "./database.js";
import { type EventSqlRow, eventOf } from "./ledger-rows.js";
import { prepareHolderWrites } from "./write-holder.js";
import { preparePartnerWrites } from "./write-partner.js";

/** Prepares what finds and applies events. */
export function prepareEvents(db: Sqlite) {
  const find = db.prepare<[string], EventSqlRow>(
    "SELECT * FROM events WHERE id = ? AND outcome <> 'refused'",
  );
  const insert = db.prepare(
    `INSERT INTO events (id, agent_id, role, type, subject, at_ms, fingerprint, outcome, refusal, notes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const holder = prepareHolderWrites(db);
  const partner = preparePartnerWrites(db);

  function applyWrite(write: LoadWrite): void {
    switch (write.type) {
      case "putAccount":
        holder.putAccount(write.account);
        return;
      case "putCard":
        holder.putCard(write);
        return;
      case "setCardStatus":
        holder.setCardStatus(write);
        return;
      case "putGrant":
        assert(write.grant.spent === 0, "a grant begins unspent");
        holder.putGrant(write.accountId, write.grant);
        return;
      case "raiseGrant":
        holder.raiseGrant(write);
        return;
      case "setGrantRevoked":
        holder.setGrantRevoked(write);
        return;
      case "setGrantAge":
        holder.setGrantAge(write);
        return;
      case "putSuspension":
        holder.putSuspension(write);
        return;
      case "liftSuspension":
        holder.liftSuspension(write);
        return;
      case "putPartner":
        partner.putPartner(write.partner);
        return;
      case "putPointOfSale":
        partner.putPointOfSale({ ...write, id: write.pointOfSaleId });
        return;
      case "putConvention":
        partner.putConvention(write.partnerId, write.convention);
        return;
      case "putAgrement":
        partner.putAgrement(write);
        return;
      case "dropAgrement":
        partner.dropAgrement(write);
        return;
      case "putBankAccount":
        partner.putBankAccount(write);
        return;
      case "putDeclaration":
        partner.putDeclaration(write);
        return;
      case "putJustificatif":
        partner.putJustificatif(write);
        return;
      case "putReport":
        partner.putReport(write);
        return;
    }
  }

  return {
    find(id: string): EventRow | null {
      const row = find.get(id);
      return row ? eventOf(row) : null;
    },

    apply(event: EventRow, writes: readonly LoadWrite[]): void {
      for (const write of writes) applyWrite(write);
      insert.run(
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
