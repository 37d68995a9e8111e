// Writes what is loaded of partners: themselves, their points of sale, conventions, agréments and reports.

import { assert } from "../../core/assert.js";
import type { FiledPartner } from "../../core/loading/file.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { Convention } from "../../core/model.js";
import type { PointOfSaleRecord } from "../records.js";
import type { Sqlite } from "./database.js";

type WriteOf<T extends LoadWrite["type"]> = Extract<LoadWrite, { type: T }>;

/** Prepares the writes about partners. */
export function preparePartnerWrites(db: Sqlite) {
  const partner = db.prepare(
    `INSERT INTO partners (id, name, status, types, flags) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status,
       types = excluded.types, flags = excluded.flags`,
  );
  const pointOfSale = db.prepare(
    `INSERT INTO points_of_sale (id, partner_id, name, city) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET partner_id = excluded.partner_id, name = excluded.name, city = excluded.city`,
  );
  const convention = db.prepare(
    `INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms, signature_reference, signed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (reference) DO UPDATE SET state = excluded.state, from_ms = excluded.from_ms,
       to_ms = excluded.to_ms, signature_reference = excluded.signature_reference,
       signed_at_ms = excluded.signed_at_ms
     WHERE partner_id = excluded.partner_id`,
  );
  const agrement = db.prepare(
    "INSERT OR IGNORE INTO agrements (partner_id, avantage) VALUES (?, ?)",
  );
  const dropAgrement = db.prepare("DELETE FROM agrements WHERE partner_id = ? AND avantage = ?");
  const report = db.prepare(
    `INSERT OR REPLACE INTO incivility_reports (partner_id, report, beneficiary, received_on)
     VALUES (?, ?, ?, ?)`,
  );
  return {
    putPartner({ id, name, status, types, flags }: FiledPartner): void {
      partner.run(id, name, status, JSON.stringify(types), JSON.stringify(flags));
    },
    putPointOfSale({ id, partnerId, name, city }: PointOfSaleRecord): void {
      pointOfSale.run(id, partnerId, name, city);
    },
    putConvention(partnerId: string, put: Convention): void {
      const { reference, state, fromMs, toMs, signature } = put;
      const signed = [signature?.reference ?? null, signature?.atMs ?? null];
      const { changes } = convention.run(reference, partnerId, state, fromMs, toMs, ...signed);
      assert(changes === 1, "a convention stays with its partner");
    },
    putAgrement({ partnerId, avantage }: { partnerId: string; avantage: string }): void {
      agrement.run(partnerId, avantage);
    },
    dropAgrement({ partnerId, avantage }: WriteOf<"dropAgrement">): void {
      dropAgrement.run(partnerId, avantage);
    },
    putReport({ partnerId, report: id, beneficiary, receivedOn }: WriteOf<"putReport">): void {
      report.run(partnerId, id, beneficiary, receivedOn);
    },
  };
}
