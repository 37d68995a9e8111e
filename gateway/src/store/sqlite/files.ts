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
import type { Sqlite } from "./database.js";
import { preparePartnerReads } from "./read.js";
import { type GrantRow, grantOf, type SuspensionRow, suspensionOf } from "./rows.js";

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
export function prepareCardTaken(db: Sqlite) {
  const other = db
    .prepare<[object], number>(
      `SELECT 1 FROM cards WHERE (id = @id OR number_index = @number OR identifier_index = @chip)
       AND NOT (id = @id AND account_id = @account AND number_index = @number AND identifier_index IS @chip)
       LIMIT 1`,
    )
    .pluck();
  return (accountId: string, card: BroughtCard): boolean =>
    other.get({
      id: card.id,
      account: accountId,
      number: card.numberIndex,
      chip: card.identifierIndex,
    }) !== undefined;
}

/** Prepares the reads of what settlement pays a partner to, and waits for. */
function preparePapers(db: Sqlite) {
  const bank = db.prepare<[string], BankAccount>(
    "SELECT holder, iban, bic FROM bank_accounts WHERE partner_id = ?",
  );
  const declarations = db.prepare<[string], { schoolYear: string; types: string }>(
    `SELECT school_year AS schoolYear, types FROM equipment_declarations
     WHERE partner_id = ? ORDER BY school_year`,
  );
  const justificatifs = db.prepare<[string], Justificatif>(
    `SELECT reference, school_year AS schoolYear, kind, received_on AS receivedOn,
       rejected_on AS rejectedOn
     FROM justificatifs WHERE partner_id = ? ORDER BY reference`,
  );
  return (id: string): Pick<PartnerFile, "bank" | "declarations" | "justificatifs"> => ({
    bank: bank.get(id) ?? null,
    declarations: declarations
      .all(id)
      .map(({ schoolYear, types }) => ({ schoolYear, types: JSON.parse(types) })),
    justificatifs: justificatifs.all(id),
  });
}

/** Prepares the reads of events. */
export function prepareFiles(db: Sqlite) {
  const account = db.prepare<[string], FiledAccount>(
    `SELECT id, holder, etablissement, charter_accepted_on AS charterAcceptedOn
     FROM accounts WHERE id = ?`,
  );
  const cards = db.prepare<[string], FiledCard>(
    `SELECT id, status, generation, last_four AS lastFour
     FROM cards WHERE account_id = ? ORDER BY id`,
  );
  const grants = db.prepare<[string], GrantRow>(
    "SELECT * FROM grants WHERE account_id = ? ORDER BY id",
  );
  const suspensions = db.prepare<[string], FiledSuspensionRow>(
    "SELECT * FROM suspensions WHERE account_id = ? ORDER BY id",
  );
  const isTaken = prepareCardTaken(db);
  const partners = preparePartnerReads(db);
  const papers = preparePapers(db);
  const pointOfSale = db
    .prepare<[string | null], string>("SELECT partner_id FROM points_of_sale WHERE id = ?")
    .pluck();
  const convention = db
    .prepare<[string | null], string>("SELECT partner_id FROM conventions WHERE reference = ?")
    .pluck();

  return {
    beneficiary({ id, card }: Parameters<Driver["readBeneficiary"]>[0]): BeneficiaryFile {
      return {
        account: account.get(id) ?? null,
        cards: cards.all(id),
        grants: grants.all(id).map(grantOf),
        suspensions: suspensions.all(id).map(filedSuspensionOf),
        cardTaken: card !== null && isTaken(id, card),
      };
    },

    partner(query: Parameters<Driver["readPartner"]>[0]): PartnerFile {
      const { id, pointOfSaleId, conventionReference } = query;
      return {
        partner: partners.partner(id),
        conventions: partners.conventions(id),
        agrements: partners.agrements(id),
        ...papers(id),
        pointOfSalePartner: pointOfSale.get(pointOfSaleId) ?? null,
        conventionPartner: convention.get(conventionReference) ?? null,
      };
    },
  };
}
