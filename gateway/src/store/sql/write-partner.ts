// Writes what is loaded of partners: themselves, points of sale, conventions, agréments, accounts, papers and reports.

import { assert } from "../../core/assert.js";
import type { FiledPartner } from "../../core/loading/file.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { Convention } from "../../core/model.js";
import type { PointOfSaleRecord } from "../records.js";
import type { Sql } from "./sql.js";

type WriteOf<T extends LoadWrite["type"]> = Extract<LoadWrite, { type: T }>;

/** Prepares the writes about partners. */
export function preparePartnerWrites(sql: Sql) {
  const partner = sql.prepare(
    `INSERT INTO partners (id, name, status, types, flags) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status,
       types = excluded.types, flags = excluded.flags`,
  );
  const pointOfSale = sql.prepare(
    `INSERT INTO points_of_sale (id, partner_id, name, city) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET partner_id = excluded.partner_id, name = excluded.name, city = excluded.city`,
  );
  const convention = sql.prepare(
    `INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms, signature_reference, signed_at_ms, tariffs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (reference) DO UPDATE SET state = excluded.state, from_ms = excluded.from_ms,
       to_ms = excluded.to_ms, signature_reference = excluded.signature_reference,
       signed_at_ms = excluded.signed_at_ms, tariffs = excluded.tariffs
     WHERE conventions.partner_id = excluded.partner_id`,
  );
  const agrement = sql.prepare(
    "INSERT INTO agrements (partner_id, avantage) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const dropAgrement = sql.prepare("DELETE FROM agrements WHERE partner_id = ? AND avantage = ?");
  const report = sql.prepare(
    `INSERT INTO incivility_reports (partner_id, report, beneficiary, received_on) VALUES (?, ?, ?, ?)
     ON CONFLICT (partner_id, report) DO UPDATE SET beneficiary = excluded.beneficiary,
       received_on = excluded.received_on`,
  );
  return {
    async putPartner({ id, name, status, types, flags }: FiledPartner): Promise<void> {
      await partner.run(id, name, status, JSON.stringify(types), JSON.stringify(flags));
    },
    async putPointOfSale({ id, partnerId, name, city }: PointOfSaleRecord): Promise<void> {
      await pointOfSale.run(id, partnerId, name, city);
    },
    async putConvention(partnerId: string, put: Convention): Promise<void> {
      const changed = await convention.run(...conventionValues(partnerId, put));
      assert(changed === 1, "a convention stays with its partner");
    },
    async putAgrement({
      partnerId,
      avantage,
    }: {
      partnerId: string;
      avantage: string;
    }): Promise<void> {
      await agrement.run(partnerId, avantage);
    },
    async dropAgrement({ partnerId, avantage }: WriteOf<"dropAgrement">): Promise<void> {
      await dropAgrement.run(partnerId, avantage);
    },
    ...preparePapers(sql),
    async putReport({
      partnerId,
      report: id,
      beneficiary,
      receivedOn,
    }: WriteOf<"putReport">): Promise<void> {
      await report.run(partnerId, id, beneficiary, receivedOn);
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
function preparePapers(sql: Sql) {
  const account = sql.prepare(
    `INSERT INTO bank_accounts (partner_id, holder, iban, bic) VALUES (?, ?, ?, ?)
     ON CONFLICT (partner_id) DO UPDATE SET holder = excluded.holder, iban = excluded.iban, bic = excluded.bic`,
  );
  const declaration = sql.prepare(
    `INSERT INTO equipment_declarations (partner_id, school_year, types) VALUES (?, ?, ?)
     ON CONFLICT (partner_id, school_year) DO UPDATE SET types = excluded.types`,
  );
  const justificatif = sql.prepare(
    `INSERT INTO justificatifs (partner_id, reference, school_year, kind, received_on, rejected_on)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (partner_id, reference) DO UPDATE SET school_year = excluded.school_year, kind = excluded.kind,
       received_on = excluded.received_on, rejected_on = excluded.rejected_on`,
  );
  return {
    async putBankAccount({
      partnerId,
      account: { holder, iban, bic },
    }: WriteOf<"putBankAccount">): Promise<void> {
      await account.run(partnerId, holder, iban, bic);
    },
    async putDeclaration({
      partnerId,
      declaration: put,
    }: WriteOf<"putDeclaration">): Promise<void> {
      await declaration.run(partnerId, put.schoolYear, JSON.stringify(put.types));
    },
    async putJustificatif({
      partnerId,
      justificatif: put,
    }: WriteOf<"putJustificatif">): Promise<void> {
      const { reference, schoolYear, kind, receivedOn, rejectedOn } = put;
      await justificatif.run(partnerId, reference, schoolYear, kind, receivedOn, rejectedOn);
    },
  };
}
