// Reads what is known of a young person or a partner when an event about them arrives.

import type {
  BeneficiaryFile,
  FiledAccount,
  FiledCard,
  FiledSuspension,
  PartnerFile,
} from "../../core/loading/file.js";
import type { BankAccount, Justificatif } from "../../core/settlement/model.js";
import type { BroughtCard, Driver } from "../driver.js";
import {
  AGREMENTS_OF_PARTNER,
  type AgrementRow,
  CONVENTIONS_OF_PARTNER,
  type ConventionRow,
  conventionOf,
  GRANT_COLUMNS,
  type GrantRow,
  grantOf,
  PARTNER,
  type PartnerRow,
  partnerOf,
  type SuspensionRow,
  suspensionOf,
} from "./rows.js";
import type { Sql } from "./sql.js";

export interface FiledSuspensionRow extends SuspensionRow {
  decision_ref: string;
  decided_at_ms: number;
  lifted_at_ms: number | null;
}

export function filedSuspensionOf(row: FiledSuspensionRow): FiledSuspension {
  const { decision_ref: decisionRef, decided_at_ms: decidedAtMs, lifted_at_ms: liftedAtMs } = row;
  return { ...suspensionOf(row), decisionRef, decidedAtMs, liftedAtMs };
}

/** Prepares the question whether a card's id, number or chip stands for another card, or another account's. */
export function prepareCardTaken(sql: Sql) {
  const other = sql.prepare<{ readonly id: string }>(
    `SELECT id FROM cards WHERE (id = @id OR number_index = @number OR identifier_index = @chip)
     AND NOT (id = @id AND account_id = @account AND number_index = @number
       AND identifier_index IS NOT DISTINCT FROM @chip)
     LIMIT 1`,
  );
  return async (accountId: string, card: BroughtCard): Promise<boolean> => {
    const { id, numberIndex: number, identifierIndex: chip } = card;
    return (await other.get({ id, account: accountId, number, chip })) !== undefined;
  };
}

/** Prepares the reads of a partner and what it may do. */
function preparePartnerReads(sql: Sql) {
  const partner = sql.prepare<PartnerRow>(PARTNER);
  const conventions = sql.prepare<ConventionRow>(CONVENTIONS_OF_PARTNER);
  const agrements = sql.prepare<AgrementRow>(AGREMENTS_OF_PARTNER);
  return async (
    id: string,
  ): Promise<Pick<PartnerFile, "partner" | "conventions" | "agrements">> => {
    const row = await partner.get(id);
    return {
      partner: row ? partnerOf(row) : null,
      conventions: (await conventions.all(id)).map(conventionOf),
      agrements: (await agrements.all(id)).map(({ avantage }) => avantage),
    };
  };
}

/** Prepares the reads of what settlement pays a partner to, and waits for. */
function preparePapers(sql: Sql) {
  const bank = sql.prepare<BankAccount>(
    "SELECT holder, iban, bic FROM bank_accounts WHERE partner_id = ?",
  );
  const declarations = sql.prepare<{ schoolYear: string; types: string }>(
    `SELECT school_year AS "schoolYear", types FROM equipment_declarations
     WHERE partner_id = ? ORDER BY school_year`,
  );
  const justificatifs = sql.prepare<Justificatif>(
    `SELECT reference, school_year AS "schoolYear", kind, received_on AS "receivedOn",
       rejected_on AS "rejectedOn"
     FROM justificatifs WHERE partner_id = ? ORDER BY reference`,
  );
  return async (
    id: string,
  ): Promise<Pick<PartnerFile, "bank" | "declarations" | "justificatifs">> => ({
    bank: (await bank.get(id)) ?? null,
    declarations: (await declarations.all(id)).map(({ schoolYear, types }) => ({
      schoolYear,
      types: JSON.parse(types),
    })),
    justificatifs: await justificatifs.all(id),
  });
}

/** Prepares the read of all that is known of a young person. */
function prepareBeneficiary(sql: Sql) {
  const account = sql.prepare<FiledAccount>(
    `SELECT id, holder, etablissement, charter_accepted_on AS "charterAcceptedOn"
     FROM accounts WHERE id = ?`,
  );
  const cards = sql.prepare<FiledCard>(
    `SELECT id, status, generation, last_four AS "lastFour"
     FROM cards WHERE account_id = ? ORDER BY id`,
  );
  const grants = sql.prepare<GrantRow>(
    `SELECT ${GRANT_COLUMNS} FROM grants WHERE account_id = ? ORDER BY id`,
  );
  const suspensions = sql.prepare<FiledSuspensionRow>(
    "SELECT * FROM suspensions WHERE account_id = ? ORDER BY id",
  );
  const isTaken = prepareCardTaken(sql);
  return async (query: Parameters<Driver["readBeneficiary"]>[0]): Promise<BeneficiaryFile> => {
    const { id, card } = query;
    return {
      account: (await account.get(id)) ?? null,
      cards: await cards.all(id),
      grants: (await grants.all(id)).map(grantOf),
      suspensions: (await suspensions.all(id)).map(filedSuspensionOf),
      cardTaken: card !== null && (await isTaken(id, card)),
    };
  };
}

/** Prepares the reads of events. */
export function prepareFiles(sql: Sql) {
  const partner = preparePartnerReads(sql);
  const papers = preparePapers(sql);
  const pointOfSale = sql.prepare<{ readonly partner_id: string }>(
    "SELECT partner_id FROM points_of_sale WHERE id = ?",
  );
  const convention = sql.prepare<{ readonly partner_id: string }>(
    "SELECT partner_id FROM conventions WHERE reference = ?",
  );
  return {
    beneficiary: prepareBeneficiary(sql),

    async partner(query: Parameters<Driver["readPartner"]>[0]): Promise<PartnerFile> {
      const { id, pointOfSaleId, conventionReference } = query;
      return {
        ...(await partner(id)),
        ...(await papers(id)),
        pointOfSalePartner: (await pointOfSale.get(pointOfSaleId))?.partner_id ?? null,
        conventionPartner: (await convention.get(conventionReference))?.partner_id ?? null,
      };
    },
  };
}
