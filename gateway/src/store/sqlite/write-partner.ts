// Writes what is loaded of partners: themselves, points of sale, conventions, agréments, accounts, papers and reports.

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
    `INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms, signature_reference, signed_at_ms, tariffs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (reference) DO UPDATE SET state = excluded.state, from_ms = excluded.from_ms,
       to_ms = excluded.to_ms, signature_reference = excluded.signature_reference,
       signed_at_ms = excluded.signed_at_ms, tariffs = excluded.tariffs
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
      const { changes } = convention.run(...conventionValues(partnerId, put));
      assert(changes === 1, "a convention stays with its partner");
    },
    putAgrement({ partnerId, avantage }: { partnerId: string; avantage: string }): void {
      agrement.run(partnerId, avantage);
    },
    dropAgrement({ partnerId, avantage }: WriteOf<"dropAgrement">): void {
      dropAgrement.run(partnerId, avantage);
    },
    ...preparePapers(db),
    putReport({ partnerId, report: id, beneficiary, receivedOn }: WriteOf<"putReport">): void {
      report.run(partnerId, id, beneficiary, receivedOn);
    },
  };
}

/** A convention in the order of its columns: reference, partner, state, from, to, signature, its instant, tariffs. */
export function conventionValues(
  partnerId: string,
  { reference, state, fromMs, toMs, signature, tariffs = {} }: Convention,
): readonly (string | number | null)[] {
  const signed = [signature?.reference ?? null, signature?.atMs ?? null];
  return [reference, partnerId, state, fromMs, toMs, ...signed, JSON.stringify(tariffs)];
}

/** Prepares the writes of what settlement pays to, and waits for. */
function preparePapers(db: Sqlite) {
  const account = db.prepare(
    "INSERT OR REPLACE INTO bank_accounts (partner_id, holder, iban, bic) VALUES (?, ?, ?, ?)",
  );
  const declaration = db.prepare(
    "INSERT OR REPLACE INTO equipment_declarations (partner_id, school_year, types) VALUES (?, ?, ?)",
  );
  const justificatif = db.prepare(
    `INSERT OR REPLACE INTO justificatifs (partner_id, reference, school_year, kind, received_on, rejected_on)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  return {
    putBankAccount({ partnerId, account: { holder, iban, bic } }: WriteOf<"putBankAccount">): void {
      account.run(partnerId, holder, iban, bic);
    },
    putDeclaration({ partnerId, declaration: put }: WriteOf<"putDeclaration">): void {
      declaration.run(partnerId, put.schoolYear, JSON.stringify(put.types));
    },
    putJustificatif({ partnerId, justificatif: put }: WriteOf<"putJustificatif">): void {
      const { reference, schoolYear, kind, receivedOn, rejectedOn } = put;
      justificatif.run(partnerId, reference, schoolYear, kind, receivedOn, rejectedOn);
    },
  };
}
